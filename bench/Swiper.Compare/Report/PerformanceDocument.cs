using Swiper.Local;

namespace Swiper.Compare.Report;

/// <summary>docs/performance.md, of which each kind of run writes a part; the summary at its top follows from the parts.</summary>
internal sealed class PerformanceDocument(string part)
{
    private static readonly string Path = Repository.PathOf("docs", "performance.md");

    private static readonly MarkedPart Summary = new("summary");

    private readonly MarkedPart _part = new(part);

    /// <summary>Why nothing can be written there, as a sentence; nobody should learn that after a long run.</summary>
    public string? Problem() =>
        !File.Exists(Path) ? $"--write: there is no {Path}"
        : File.ReadAllText(Path) is var document && ProblemIn(document) is { } problem ? $"--write: {Path} {problem}"
        : null;

    private string? ProblemIn(string document) =>
        PerformanceSummary.Parts.Select(name => new MarkedPart(name)).Concat([_part, Summary])
            .Select(part => part.ProblemIn(document)).FirstOrDefault(problem => problem is not null);

    /// <summary>The document with another text in a part, and the summary that follows.</summary>
    public static string Replace(string document, MarkedPart part, string text)
    {
        var replaced = part.Replace(document, text);
        return Summary.Replace(replaced, PerformanceSummary.Of(replaced));
    }

    /// <summary>Replaces the part. Whoever reads meanwhile, and a crash, find the old document or the new one.</summary>
    public void Write(string text)
    {
        var next = $"{Path}.next";
        File.WriteAllText(next, Replace(File.ReadAllText(Path), _part, text));
        File.Move(next, Path, overwrite: true);
    }
}
