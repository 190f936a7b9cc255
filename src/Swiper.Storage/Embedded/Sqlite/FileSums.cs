using System.Security.Cryptography;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// The SHA-256 of each shard file as the last process left it, in the format of <c>sha256sum</c>: whatever changes a file between two
/// processes is damage, down to one bit of a name, which no check of SQLite's can see. There only while no process has the folder open.
/// </summary>
internal static class FileSums
{
    public const string Name = "swiper.sums";

    /// <summary>Writes the sums of files that are closed.</summary>
    public static void Write(string folder, IEnumerable<string> files)
    {
        var lines = files.AsParallel().AsOrdered().Select(static file => $"{SumOf(file)}  {Path.GetFileName(file)}");
        // Whole or not at all.
        var written = Path.Combine(folder, Name + ".new");
        File.WriteAllLines(written, lines);
        File.Move(written, Path.Combine(folder, Name), overwrite: true);
    }

    /// <summary>The files that are not as they were left, or gone; none if there are no sums.</summary>
    public static IReadOnlyList<string> FindChanged(string folder)
    {
        var sums = Path.Combine(folder, Name);
        return !File.Exists(sums) ? [] : [.. File.ReadAllLines(sums).AsParallel().AsOrdered()
            .Select(static line => line.Split("  ", 2))
            .Where(line => line.Length == 2 && Path.Combine(folder, line[1]) is var file && (!File.Exists(file) || SumOf(file) != line[0]))
            .Select(static line => line[1])];
    }

    /// <summary>The SHA-256 of a file in lower-case hex.</summary>
    public static string SumOf(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 20);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
