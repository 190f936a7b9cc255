using Swiper.EndToEnd.Cluster;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Histories;

/// <summary>
/// What people do to each other, on several connections at once, while the server is killed and started again: of each two people, and of
/// each person's quotas, one order of all that was asked explains all that was answered. SWIPER_HISTORIES says how often it is killed.
/// </summary>
public sealed class EmbeddedHistoryTests
{
    private const int People = 30;

    [Fact]
    public async Task One_order_explains_all_answers_however_often_the_server_is_killed()
    {
        var kills = Budget.Of("SWIPER_HISTORIES", 3);
        var moments = new Moments();
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, People * kills);
        await using var stage = await OneHost.StartAsync(data);
        var people = await stage.IntroduceAsync(tokens);
        var history = new History(rewindsEnd: true);
        var company = new Company(history, stage);
        foreach (var (index, act) in people.Chunk(People).Index())
        {
            var moment = history.Count + moments.Next(20, 1_200);
            var play = company.PlayAsync(act, moments.Seed + index);
            await Eventually.HoldsAsync(() => history.Count >= moment || play.IsCompleted, "the moment of the kill");
            await stage.Host.KillAsync();
            await stage.RestartAsync();
            await play;
        }

        await stage.TerminateAndRestartAsync();
        await company.EndAsync(stage.AtRestAsync, stage.QueryAsync);
        company.Verify();
    }
}

/// <summary>The embedded engine: one host, started anew as often as it ends.</summary>
internal sealed class OneHost : IStage, IAsyncDisposable
{
    private readonly string _data;

    private OneHost(string data, ChildHost host) => (_data, Host) = (data, host);

    public ChildHost Host { get; private set; }

    public static async Task<OneHost> StartAsync(string data) => new(data, await TestHost.StartAsync(data));

    public async Task<(Server Server, int Host)> ConnectAsync(string token, int device) => (await Server.ConnectAsync(Host, token), 0);

    /// <summary>Who has which token.</summary>
    public async Task<IReadOnlyList<(long Uid, string Token)>> IntroduceAsync(string[] tokens)
    {
        var clients = await Host.SignInAsync(tokens);
        var people = clients.Zip(tokens, static (client, token) => (client.Uid!.Value, token)).ToArray();
        await clients.DisposeAllAsync();
        return people;
    }

    public async Task RestartAsync()
    {
        Host.Dispose();
        Host = await TestHost.StartAsync(_data);
    }

    /// <summary>No follow-up is left to be done.</summary>
    public Task AtRestAsync() => Eventually.HoldsAsync(
        async () => (await QueryAsync("SELECT id FROM follow_ups LIMIT 1")).Count == 0, "the follow-ups are done");

    /// <summary>Ends it in order, and starts it.</summary>
    public async Task TerminateAndRestartAsync()
    {
        Assert.Equal(0, await Host.TerminateAsync());
        await RestartAsync();
    }

    public Task<IReadOnlyList<long[]>> QueryAsync(string sql) => Task.FromResult<IReadOnlyList<long[]>>(
        [.. Directory.GetFiles(_data, "*.db", SearchOption.AllDirectories).SelectMany(file => SqliteFile.Query(file, sql))]);

    public ValueTask DisposeAsync()
    {
        Host.Dispose();
        return ValueTask.CompletedTask;
    }
}
