using Swiper.Core.Accounts;
using Swiper.Host.Options;

namespace Swiper.Tools.Tests.ProtocolDocument;

public sealed class ProtocolCommandTests
{
    private static readonly string Docs = Path.Combine(SharedFiles.RepositoryRoot(), "docs");

    [Fact]
    public async Task The_generated_files_in_the_repository_are_what_the_command_writes()
    {
        using var folder = new TemporaryFolder();
        var docs = Directory.CreateDirectory(folder.File("docs")).FullName;
        File.Copy(Path.Combine(Docs, "operations.md"), Path.Combine(docs, "operations.md"));

        var run = await ToolRun.RunAsync("protocol", "--output", Path.Combine(docs, "PROTOCOL.md"));

        Assert.True(run.ExitCode == 0, run.All);
        string root = folder;
        var written = Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file)).ToList();
        Assert.Contains("docs/protocol.json", written);
        Assert.Contains("src/Swiper.Client/Calls/Calls.g.cs", written);
        var vectors = Directory.GetFiles(Path.Combine(Docs, "vectors"), "*.jsonl", SearchOption.AllDirectories);
        Assert.Empty(vectors.Select(file => Path.GetRelativePath(SharedFiles.RepositoryRoot(), file)).Except(written));
        foreach (var name in written)
        {
            var kept = Path.Combine(SharedFiles.RepositoryRoot(), name);
            Assert.True(
                File.Exists(kept) && await Text(kept) == await Text(Path.Combine(root, name)),
                $"{name} is stale: run ./swiper protocol and commit what it writes");
        }

        static Task<string> Text(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_a_file_the_protocol_is_printed()
    {
        var run = await ToolRun.RunAsync("protocol");
        Assert.True(run.ExitCode == 0, run.All);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Docs, "PROTOCOL.md"), TestContext.Current.CancellationToken), run.Output);
    }

    [Fact]
    public async Task The_numbers_of_codes_in_the_document_are_those_of_the_rules()
    {
        var path = Path.Combine(SharedFiles.RepositoryRoot(), "docs", "PROTOCOL.md");
        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        var document = string.Join(' ', lines.Select(static line => line.Trim()));
        var rules = CodeRules.Standard;
        var (hour, day) = (rules.Limits[0], rules.Limits[1]);
        var options = new AccountOptions();

        Assert.Equal((6, 5), (CodeRules.Digits, CodeRules.MaxTries));
        Says($"has six digits and can be used once, within {CodeRules.Lifetime.TotalSeconds} seconds");
        Says($"can be requested after {rules.ResendAfter.TotalSeconds} seconds");
        Says($"without a nonce is blocked for {CodeRules.Lockout.TotalMinutes} minutes");
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromDays(1)), (hour.Within, day.Within));
        Says($"at most {hour.ToAPhone} messages an hour and {day.ToAPhone} a day");
        Says($"One address can cause at most {hour.ForAnAddress} and {day.ForAnAddress} of them");
        Says($"can cause {options.CodesPerAddressPerHour} messages an hour");
        Says($"can make {options.SignInsPerAddressPerMinute} requests a minute");

        void Says(string words) => Assert.Contains(words, document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named_in_one_line()
    {
        var run = await ToolRun.RunAsync("protocol", "--output", "/nowhere/PROTOCOL.md");

        Assert.Equal((2, "swiper: --output: folder '/nowhere' does not exist", ""), (run.ExitCode, run.Errors.Trim(), run.Output));
    }
}
