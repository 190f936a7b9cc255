using Swiper.Core.Accounts;
using Swiper.Host.Options;

namespace Swiper.Tools.Tests.ProtocolDocument;

public sealed class ProtocolCommandTests
{
    [Fact]
    public async Task The_document_in_docs_is_what_the_command_prints()
    {
        var run = await ToolRun.RunAsync("protocol");
        Assert.True(run.ExitCode == 0, run.All);

        var kept = await File.ReadAllTextAsync(Path.Combine(SharedFiles.RepositoryRoot(), "docs", "PROTOCOL.md"), TestContext.Current.CancellationToken);
        Assert.True(kept == run.Output, "docs/PROTOCOL.md is stale: run ./swiper protocol and commit what it writes");
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
        Says($"has six digits and is good once, for {CodeRules.Lifetime.TotalSeconds} seconds");
        Says($"asked for {rules.ResendAfter.TotalSeconds} seconds after one that was not used");
        Says($"without a nonce for {CodeRules.Lockout.TotalMinutes} minutes");
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromDays(1)), (hour.Within, day.Within));
        Says($"at most {hour.ToAPhone} messages an hour and {day.ToAPhone} a day");
        Says($"One address is the cause of at most {hour.ForAnAddress} and {day.ForAnAddress} of them");
        Says($"({options.CodesPerAddressPerHour} an hour)");
        Says($"({options.SignInsPerAddressPerMinute} a minute together)");

        void Says(string words) => Assert.Contains(words, document, StringComparison.Ordinal);
    }
}
