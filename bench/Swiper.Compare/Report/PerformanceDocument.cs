using Swiper.Local;

namespace Swiper.Compare.Report;

/// <summary>docs/performance.md: each kind of run writes one part, and the summary at its top is derived from the parts.</summary>
internal sealed class PerformanceDocument(string part)
{
    private static readonly string Path = Repository.PathOf("docs", "performance.md");

    private static readonly MarkedPart Summary = new("summary");

    private readonly MarkedPart _part = new(part);

    /// <summary>Why the document can't be written; checked before a long run.</summary>
    public string? Problem() =>
        !File.Exists(Path) ? $"--write: {Path} does not exist"
        : File.ReadAllText(Path) is var document && ProblemIn(document) is { } problem ? $"--write: {Path} {problem}"
        : null;

    private string? ProblemIn(string document) =>
        PerformanceSummary.Parts.Select(name => new MarkedPart(name)).Concat([_part, Summary])
            .Select(part => part.ProblemIn(document)).FirstOrDefault(problem => problem is not null);

    /// <summary>The document with the text of a part replaced and the summary updated.</summary>
    public static string Replace(string document, MarkedPart part, string text)
    {
        var replaced = part.Replace(document, text);
        return Summary.Replace(replaced, PerformanceSummary.Of(replaced));
    }

    /// <summary>Replaces the part atomically: a concurrent reader, or a crash, sees the old document or the new one.</summary>
    public void Write(string text)
    {
        var next = $"{Path}.next";
        File.WriteAllText(next, Replace(File.ReadAllText(Path), _part, text));
        File.Move(next, Path, overwrite: true);
    }
}
