using System.Diagnostics.CodeAnalysis;

namespace Swiper.Local;

/// <summary>An output file named on a tool's command line.</summary>
internal static class OutputFile
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens and truncates the file; false on failure.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="isSecret">Restrict access to the owner, even if the file already exists with wider access.</param>
    /// <param name="writer">The opened file; the caller disposes it.</param>
    /// <param name="problem">Why it could not be opened, in one line.</param>
    public static bool TryCreate(
        string path, bool isSecret, [NotNullWhen(true)] out StreamWriter? writer, [NotNullWhen(false)] out string? problem)
    {
        (writer, problem) = (null, null);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            problem = $"folder '{folder}' does not exist";
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
        // Before anything is written. Devices such as /dev/stdout keep their mode.
        if (File.Exists(path) && !Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
            File.SetUnixFileMode(path, OwnersOnly);
        return new FileStream(path, options);
    }
}
