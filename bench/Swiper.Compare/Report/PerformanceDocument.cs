using Swiper.Local;

namespace Swiper.Compare.Report;

/// <summary>docs/performance.md, of which each kind of run writes a part.</summary>
internal sealed class PerformanceDocument(string part)
{
    private static readonly string Path = Repository.PathOf("docs", "performance.md");

    private readonly MarkedPart _part = new(part);

    /// <summary>Why nothing can be written there, as a sentence; nobody should learn that after a long run.</summary>
    public string? Problem() =>
        !File.Exists(Path) ? $"--write: there is no {Path}"
        : _part.ProblemIn(File.ReadAllText(Path)) is { } problem ? $"--write: {Path} {problem}" : null;

    /// <summary>Replaces the part. Whoever reads meanwhile, and a crash, find the old document or the new one.</summary>
    public void Write(string text)
    {
        var next = $"{Path}.next";
        File.WriteAllText(next, _part.Replace(File.ReadAllText(Path), text));
        File.Move(next, Path, overwrite: true);
    }
}
