using Swiper.Client;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Connections;

/// <summary>From sign-in to match on each transport, with and without TLS, and with several loops.</summary>
public sealed class TransportTests
{
    [Theory]
    [InlineData(false, "Listen:Transport=epoll", "Listen:Loops=4")]
    [InlineData(true, "Listen:Transport=epoll", "Listen:Loops=4")]
    [InlineData(false, "Listen:Transport=sockets")]
    [InlineData(true, "Listen:Transport=sockets")]
    public async Task People_sign_in_by_code_see_each_other_and_match(bool useTls, params string[] settings)
    {
        const int People = 12;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the epoll transport needs Linux");
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data, settings);
        var clients = new SwiperClient[People];
        await Parallel.ForAsync(0, People, async (number, cancelled) =>
        {
            clients[number] = await host.ConnectAsync(options => useTls ? OverTls(options, host) : options);
            await host.SignInAsync(clients[number], Outbox.NewPhone());
            await clients[number].UpdateProfileAsync(new ProfileChange { Nickname = $"Person {number}" }, cancelled);
        });

        // Neighbours like each other at the same instant, over connections of whatever loops.
        await using var pushes = new PushInbox(clients[0]);
        var likes = await Task.WhenAll(Enumerable.Range(0, People).Select(
            number => clients[number].SwipeAsync(clients[number ^ 1].Uid!.Value, SwipeKind.Like).AsTask()));
        Assert.All(Enumerable.Range(0, People / 2), pair => Assert.True(likes[2 * pair].Matched || likes[(2 * pair) + 1].Matched));
        Assert.Equal(clients[1].Uid, (await pushes.NextAsync<SwiperPush.Matched>()).Uid);
        Assert.Equal("Person 3", (await clients[0].ProfileAsync(clients[3].Uid!.Value)).Nickname);
        Assert.Equal(People, (await clients[0].TopAsync()).Count);
        await clients.DisposeAllAsync();
        Assert.Equal(0, await host.TerminateAsync());
    }

    private static SwiperClientOptions OverTls(SwiperClientOptions options, ChildHost host) => options with
    {
        UseTls = true,
        Port = host.TlsEndPoint!.Port,
        ValidateCertificate = static (_, presented, _, _) => presented?.Subject == "CN=Swiper development",
    };
}
