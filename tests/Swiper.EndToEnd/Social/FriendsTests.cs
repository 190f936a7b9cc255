using Swiper.Client;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Social;

/// <summary>Friends of the embedded engine, whose host is killed and started again.</summary>
public sealed class FriendsTests : FriendsContract, IAsyncLifetime
{
    private readonly ScratchFolder _data = new("end-to-end");
    private ChildHost _host = null!;

    private protected override IReadOnlyList<ChildHost> Hosts => [_host];

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(_data);

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        _data.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_staff_see_who_was_reported_and_decide_while_the_host_runs()
    {
        var (ann, bob) = (await NewAsync(), await NewAsync());
        await ann.ReportAsync(Uid(bob), ReportReason.Offensive, "words");
        Assert.Contains(Uid(bob), await DeckAsync(ann));

        var listed = await ReportsAsync("list");
        Assert.Matches(
            $@"^user {Uid(bob)} .* \+\d\d\*+\d\d: in decks; 1 reporter, first .* UTC\n  .* UTC offensive by {Uid(ann)}: words\n$",
            listed.Output);
        Assert.Equal($"user {Uid(bob)}: remove\n", (await ReportsAsync("decide", $"{Uid(bob)}", "remove")).Output);
        Assert.DoesNotContain(Uid(bob), await DeckAsync(ann));
        Assert.Equal("nobody waits for a decision\n", (await ReportsAsync("list", "--limit", "1")).Output);
        Assert.Equal(0, (await ReportsAsync("decide", $"{Uid(bob)}", "clear")).ExitCode);
        Assert.Contains(Uid(bob), await DeckAsync(ann));

        var refused = await ReportsAsync("decide", $"{Uid(ann)}", "clear");
        Assert.Equal((1, $"swiper: nobody has reported a user {Uid(ann)}\n"), (refused.ExitCode, refused.Errors));
        Assert.Equal(2, (await ReportsAsync("decide", $"{Uid(bob)}", "forgive")).ExitCode);
        Assert.Equal(2, (await ReportsAsync("decide", "bob", "clear")).ExitCode);
        Assert.Equal(2, (await ReportsAsync("list", "--limit", "0")).ExitCode);
        await _host.KillAsync();
        Assert.Equal(69, (await ReportsAsync("list")).ExitCode);
    }

    private Task<ProgramRun> ReportsAsync(params string[] arguments) =>
        TestHost.RunAsync(["reports", .. arguments, "--environment", "Development", "--data", _data]);

    private protected override Task SettledAsync() => Task.CompletedTask;

    private protected override async Task StartAnewAsync()
    {
        await _host.KillAsync();
        _host.Dispose();
        _host = await TestHost.StartAsync(_data);
    }
}
