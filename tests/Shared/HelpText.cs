using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Swiper.Tests.Shared;

/// <summary>What `./swiper COMMAND --help` prints, beside what the program behind it says of itself.</summary>
internal static partial class HelpText
{
    /// <summary>That the text of a command names the options of its program, and no others.</summary>
    /// <param name="command">Of `./swiper`.</param>
    /// <param name="program">A program that was built with the tests.</param>
    /// <param name="subcommand">Of the program, if any.</param>
    /// <param name="added">Options that the script itself reads.</param>
    /// <param name="kept">Options of the program that the script sets, or that another of its commands has.</param>
    public static async Task AssertCompleteAsync(string command, string program, string[] subcommand, string[] added, string[] kept)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. subcommand, "--help"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var told = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var file = Path.Combine(SharedFiles.RepositoryRoot(), "tools", "help", $"{command}.txt");
        var help = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);

        Assert.Equal(OptionsIn(told).Except(["--help", "--version", .. kept]).Union(added).Order(), OptionsIn(help).Order());
    }

    // At the beginning of their lines: elsewhere they are only mentioned.
    private static IEnumerable<string> OptionsIn(string help) =>
        Option().Matches(help).Select(match => match.Groups["name"].Value).Distinct();

    [GeneratedRegex(@"^ {2}(-\S+, )*(?<name>--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Option();
}
