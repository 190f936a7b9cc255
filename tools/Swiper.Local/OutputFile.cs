using System.Diagnostics.CodeAnalysis;

namespace Swiper.Local;

/// <summary>A file that a tool writes because it was told to.</summary>
internal static class OutputFile
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens it, emptied, unless something is in the way.</summary>
    /// <param name="path">In a folder that is there.</param>
    /// <param name="isSecret">Its owner alone may read it, whoever could read what was there before.</param>
    /// <param name="writer">To be disposed of.</param>
    /// <param name="problem">What is in the way, in one line.</param>
    public static bool TryCreate(
        string path, bool isSecret, [NotNullWhen(true)] out StreamWriter? writer, [NotNullWhen(false)] out string? problem)
    {
        (writer, problem) = (null, null);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            problem = $"there is no folder '{folder}'";
        else
        {
            try
            {
                writer = new StreamWriter(Open(path, isSecret));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problem = exception.Message;
            }
        }
        return writer is not null;
    }

    private static FileStream Open(string path, bool isSecret)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!isSecret || OperatingSystem.IsWindows())
            return new FileStream(path, options);
        options.UnixCreateMode = OwnersOnly;
        // Before a word is in it. A device, such as /dev/stdout, is everybody's and stays so.
        if (File.Exists(path) && !Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
            File.SetUnixFileMode(path, OwnersOnly);
        return new FileStream(path, options);
    }
}
