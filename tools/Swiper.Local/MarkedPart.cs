namespace Swiper.Local;

/// <summary>
/// A generated part of a document, between two invisible comments. The hand-written text around it is left unchanged.
/// </summary>
/// <param name="name">Name of the part; must not contain two hyphens in a row, which end a comment.</param>
internal sealed class MarkedPart(string name)
{
    public string Begin => $"<!-- {name}: begin (generated; edits are lost) -->\n";

    public string End => $"<!-- {name}: end -->";

    /// <summary>What is wrong with the markers in the document; null if they are valid.</summary>
    public string? ProblemIn(string document) => (Count(document, Begin), Count(document, End)) switch
    {
        (0, 0) => $"has no line `{Begin.TrimEnd()}` with a line `{End}` below it",
        (1, 1) when document.IndexOf(Begin, StringComparison.Ordinal) < document.IndexOf(End, StringComparison.Ordinal) => null,
        _ => $"must have the line `{Begin.TrimEnd()}` and the line `{End}` once each, in this order",
    };

    /// <summary>The current text of the part.</summary>
    public string TextIn(string document)
    {
        var (start, end) = Find(document);
        return document[start..end];
    }

    /// <summary>The document with the text of the part replaced.</summary>
    public string Replace(string document, string text)
    {
        if (Count(text, Begin) + Count(text, End) > 0)
            throw new ArgumentException("the text contains the markers of its own part", nameof(text));
        var (start, end) = Find(document);
        return $"{document[..start]}{text}{document[end..]}";
    }

    private (int Start, int End) Find(string document) => ProblemIn(document) is { } problem
        ? throw new InvalidDataException($"the document {problem}")
        : (document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, document.IndexOf(End, StringComparison.Ordinal));

    private static int Count(string document, string mark) => document.Split(mark).Length - 1;
}
