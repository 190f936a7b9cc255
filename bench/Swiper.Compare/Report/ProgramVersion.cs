using System.ComponentModel;
using System.Text.RegularExpressions;
using Swiper.Local.Processes;

namespace Swiper.Compare.Report;

/// <summary>The version of an installed program.</summary>
internal static partial class ProgramVersion
{
    /// <summary>Its name and version; null if not installed.</summary>
    public static string? Of(string program)
    {
        try
        {
            var run = ProgramRun.OfAsync(program, "--version").GetAwaiter().GetResult();
            return $"{program} {Number().Match(run.Output).Value}".TrimEnd();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Number();
}
