using Spectre.Console;

namespace Swiper.Local;

/// <summary>
/// Colours and live tables on a terminal; plain text of fixed width in a pipe or file, regardless of colour variables in the environment.
/// </summary>
internal static class TerminalConsole
{
    private const int WidthOfFiles = 120;

    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Create(new AnsiConsoleSettings());
        var plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No,
        });
        plain.Profile.Width = WidthOfFiles;
        return plain;
    }
}
