using Swiper.Client;
using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Social;

public sealed class SimultaneousLikesTests
{
    private const int PairsAtOnce = 100;

    /// <summary>SWIPER_PAIRS says how many pairs.</summary>
    [Fact]
    public async Task Two_who_like_each_other_at_the_same_instant_match_exactly_once()
    {
        var wanted = Budget.Of("SWIPER_PAIRS", 10_000);
        var people = (int)Math.Ceiling((1 + Math.Sqrt(1 + (8.0 * wanted))) / 2);
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, people);
        using var host = await TestHost.StartAsync(data);
        var clients = await host.SignInAsync(tokens);
        var pairs = Enumerable.Range(0, people).SelectMany(a => Enumerable.Range(0, a).Select(b => (A: clients[a], B: clients[b])))
            .ToArray();
        Random.Shared.Shuffle(pairs);
        pairs = pairs[..wanted];

        foreach (var part in pairs.Chunk(PairsAtOnce))
        {
            var replies = await Task.WhenAll(part.Select(async pair =>
            {
                var both = await Task.WhenAll(
                    pair.A.SwipeAsync(pair.B.Uid!.Value, SwipeKind.Like).AsTask(),
                    pair.B.SwipeAsync(pair.A.Uid!.Value, SwipeKind.Like).AsTask());
                return (First: both[0].Matched, Second: both[1].Matched);
            }));
            Assert.All(replies, pair => Assert.True(pair.First != pair.Second, $"{pair}"));
        }

        var friends = pairs.Concat(pairs.Select(pair => (A: pair.B, B: pair.A))).ToLookup(pair => pair.A, pair => pair.B.Uid!.Value);
        foreach (var client in clients)
        {
            var expected = friends[client].ToHashSet();
            await using var pushes = new PushInbox(client);
            var told = new List<SwiperPush>();
            while (told.Count < expected.Count)
                told.Add(await pushes.NextAsync());
            // The server tells nothing twice: whatever it has told besides is here after an answer.
            await client.PingAsync();
            told.AddRange(await pushes.RestAsync());
            Assert.Equal(Enumerable.Range(1, expected.Count).Select(seq => (long)seq), told.Select(push => push.Seq));
            Assert.True(expected.SetEquals(told.Select(push => Assert.IsType<SwiperPush.Matched>(push).Uid)));
        }
        Assert.Equal(2 * wanted, Truth.Read(data).Friends.Count);
    }
}
