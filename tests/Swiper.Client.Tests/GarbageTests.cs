using Swiper.Core.Protocol;

namespace Swiper.Client.Tests;

/// <summary>Tests that count bytes of the whole process, and so run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public class GarbageTests(RealHost host) : IClassFixture<RealHost>
{
    private const int InFlight = 64;
    private const int Requests = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_in_the_steady_state_allocates_nothing(bool inline)
    {
#if DEBUG
        Assert.Skip("async methods of a Debug build allocate by themselves");
#endif
        await using var client = await SwiperClient.ConnectAsync(host.Tcp with { InlineCompletions = inline }).Soon();
        await AskAsync(client);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await AskAsync(client);
        var perRequest = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(InFlight * Requests);

        // Less than any one object a request; the rest is the test's own tasks and what the runtime does meanwhile.
        Assert.InRange(perRequest, 0, 8);
    }

    private static Task AskAsync(SwiperClient client) => Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
    {
        for (var request = 0; request < Requests; request++)
            Assert.True((await client.TrySendAsync<NoArgs, PingReply>(Opcode.Ping, default)).IsOk);
    })).Soon();
}
