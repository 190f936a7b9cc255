using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Swiper.Compare.Report;

/// <summary>The version of an installed program.</summary>
internal static partial class ProgramVersion
{
    /// <summary>Its name and version; null if not installed.</summary>
    public static string? Of(string program)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return $"{program} {Number().Match(output).Value}".TrimEnd();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Number();
}
