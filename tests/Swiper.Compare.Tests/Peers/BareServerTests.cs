using Swiper.Compare.Peers;
using Swiper.Compare.Processes;
using Swiper.Compare.Rows;
using Swiper.Load.Wire;
using Swiper.Local.Hosts;

namespace Swiper.Compare.Tests.Peers;

/// <summary>A load that ends without an error got a reply to every request.</summary>
public sealed class BareServerTests
{
    private static readonly Pace Moment = new(TimeSpan.Zero, TimeSpan.FromSeconds(0.2));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kestrel_gives_back_every_byte(bool best)
    {
        using var server = KestrelEcho.Start(best);

        GivesBackWhateverItGets(server);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kestrel_gives_back_the_echoes_of_a_load_over_TLS(bool best)
    {
        using var certificate = new TlsCertificate();
        using var server = KestrelEcho.Start(best, certificate);

        Assert.Null(Record.Exception(() => Loads.BareEchoOverTls(server, 16, Moment)));
    }

    [Fact]
    public void The_echo_in_C_gives_back_every_byte()
    {
        using var server = OrSkip(EpollEcho.Start);

        GivesBackWhateverItGets(server);
    }

    [Fact]
    public void Redis_answers_with_the_top_of_a_board()
    {
        using var server = OrSkip(RedisServer.Start);
        long[] people = [.. Enumerable.Range(1, 200).Select(uid => (long)uid)];

        Assert.Null(Record.Exception(() => new BareRedis(server.EndPoint, server.Group, people).Top50(Moment)));
    }

    private static void GivesBackWhateverItGets(ServerProcess server)
    {
        using var connection = LoadConnection.Open(server.EndPoint);
        var sent = new byte[40_000];
        new Random(1).NextBytes(sent);

        Assert.Equal(sent, connection.Ask(sent, bytes => bytes.Length >= sent.Length));
        Assert.Null(Record.Exception(() => Loads.BareEcho(server, 16, Moment)));
    }

    private static ServerProcess OrSkip(Func<ServerProcess> start)
    {
        try
        {
            return start();
        }
        catch (PeerMissingException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}
