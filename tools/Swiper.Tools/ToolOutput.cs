using System.CommandLine;
using Swiper.Local;

namespace Swiper.Tools;

/// <summary>The text output of a command, written to a file given by an option or printed.</summary>
internal static class ToolOutput
{
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(Option<FileInfo?> option, ParseResult parsed, string text)
    {
        if (parsed.GetValue(option) is not { } file)
        {
            await Console.Out.WriteAsync(text);
            return 0;
        }
        if (!OutputFile.TryCreate(file.FullName, isSecret: false, out var writer, out var problem))
            return ToolCommand.Refuse($"{option.Name}: {problem}");
        await using (writer)
            await writer.WriteAsync(text);
        return 0;
    }
}
