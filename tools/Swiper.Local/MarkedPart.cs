namespace Swiper.Local;

/// <summary>
/// A part of a document that is generated, between two comments that readers do not see. What stands around it is written by people and
/// is kept to the letter.
/// </summary>
/// <param name="name">Of the part; without two hyphens in a row, which end a comment.</param>
internal sealed class MarkedPart(string name)
{
    public string Begin => $"<!-- {name}: begin (generated; edits are lost) -->\n";

    public string End => $"<!-- {name}: end -->";

    /// <summary>Why the document has no place for the part; null where it has.</summary>
    public string? ProblemIn(string document) => (Count(document, Begin), Count(document, End)) switch
    {
        (0, 0) => $"has no line `{Begin.TrimEnd()}` with a line `{End}` below it",
        (1, 1) when document.IndexOf(Begin, StringComparison.Ordinal) < document.IndexOf(End, StringComparison.Ordinal) => null,
        _ => $"must have the line `{Begin.TrimEnd()}` and the line `{End}` once each, in this order",
    };

    /// <summary>What stands in the part now.</summary>
    public string TextIn(string document)
    {
        var (start, end) = Find(document);
        return document[start..end];
    }

    /// <summary>The document with another text in the part.</summary>
    public string Replace(string document, string text)
    {
        if (Count(text, Begin) + Count(text, End) > 0)
            throw new ArgumentException("the text holds the marks of its own part", nameof(text));
        var (start, end) = Find(document);
        return $"{document[..start]}{text}{document[end..]}";
    }

    private (int Start, int End) Find(string document) => ProblemIn(document) is { } problem
        ? throw new InvalidDataException($"the document {problem}")
        : (document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, document.IndexOf(End, StringComparison.Ordinal));

    private static int Count(string document, string mark) => document.Split(mark).Length - 1;
}
