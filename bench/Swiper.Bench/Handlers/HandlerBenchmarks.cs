using System.Buffers;
using BenchmarkDotNet.Attributes;
using Swiper.Bench.Hosting;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;

namespace Swiper.Bench.Handlers;

/// <summary>
/// The hot requests on the whole path from received to sent bytes, without a socket: framing, dispatch, handling on a real embedded
/// engine, reply and flush. One operation is one of 16 requests that arrive together.
/// </summary>
public class HandlerBenchmarks : IDisposable
{
    private const int Requests = 16;
    private const int People = 2_000;
    private const int Likers = 100;

    private BenchHost _host = null!;
    private BenchConnection _connection = null!;
    private ReadOnlySequence<byte> _ping;
    private ReadOnlySequence<byte> _echo;
    private ReadOnlySequence<byte> _top10;
    private ReadOnlySequence<byte> _top50;
    private ReadOnlySequence<byte> _rankOf;
    private ReadOnlySequence<byte> _around;
    private ReadOnlySequence<byte> _ownProfile;
    private ReadOnlySequence<byte> _othersProfile;
    private ReadOnlySequence<byte> _deck;
    private ReadOnlySequence<byte> _likedMe;

    private delegate bool Expected(ref FieldReader data);

    [GlobalSetup]
    public void Start()
    {
        _host = new BenchHost(BenchStore.StartEmbedded(People));
        var uids = _host.Store.Uids;
        _connection = _host.Connect(uids[0]);
        // Everyone is liked by someone and so ranked, the first by more people.
        _host.Store.Like(uids[1..].Select((uid, index) => (uid, uids[index])).Concat(uids[2..(Likers + 1)].Select(uid => (uid, uids[0]))));

        _ping = Batch(Opcode.Ping, default(NoArgs), static (ref _) => true);
        _echo = EchoBatch();
        _top10 = Batch(Opcode.Top, new TopRequest(N: 10), static (ref data) => BoardReply.Read(ref data).People.Count == 10);
        _top50 = Batch(Opcode.Top, new TopRequest(N: 50), static (ref data) => BoardReply.Read(ref data).People.Count == 50);
        _rankOf = Batch(Opcode.RankOf, new RankOfRequest(), static (ref data) => RankOfReply.Read(ref data).Rank == 1);
        _around = Batch(Opcode.Around, new AroundRequest(N: AroundRequest.DefaultN), static (ref data) =>
            BoardReply.Read(ref data).People.Count == AroundRequest.DefaultN);
        _ownProfile =
            Batch(Opcode.Profile, new ProfileRequest(), static (ref data) => ProfileReply.Read(ref data).Profile.Own is not null);
        _othersProfile =
            Batch(Opcode.Profile, new ProfileRequest(uids[1]), static (ref data) => ProfileReply.Read(ref data).Profile.Age is not null);
        _deck = Batch(Opcode.Deck, new DeckRequest(DeckRequest.DefaultCount), static (ref data) =>
            DeckReply.Read(ref data).People.Count == DeckRequest.DefaultCount);
        _likedMe = Batch(Opcode.LikedMe, new LikedMeRequest(Limit: LikedMeRequest.DefaultLimit), static (ref data) =>
            LikedMeReply.Read(ref data).Likes.Count == LikedMeRequest.DefaultLimit);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Requests)]
    public void Echo() => _connection.Exchange(_echo);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Ping() => _connection.Exchange(_ping);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Top10() => _connection.Exchange(_top10);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Top50() => _connection.Exchange(_top50);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void RankOf() => _connection.Exchange(_rankOf);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Around() => _connection.Exchange(_around);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void OwnProfile() => _connection.Exchange(_ownProfile);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void OthersProfile() => _connection.Exchange(_othersProfile);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Deck() => _connection.Exchange(_deck);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void LikedMe() => _connection.Exchange(_likedMe);

    [GlobalCleanup]
    public void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    private ReadOnlySequence<byte> Batch<TArgs>(Opcode opcode, in TArgs args, Expected expected)
        where TArgs : IPayload<TArgs>
    {
        var frame = RequestFrames.Of(opcode, args);
        var data = new FieldReader(_connection.Ask(frame));
        Verification.Require(expected(ref data) && data.Problem is null, $"{opcode} returns the expected reply");
        return RequestFrames.Repeated(frame, Requests);
    }

    private ReadOnlySequence<byte> EchoBatch()
    {
        var array = new byte[] { 0x91, 0xc4, 32 }.Concat(new byte[32]).ToArray();
        var frame = RequestFrames.Of(Opcode.Echo, new Core.Diagnostics.EchoPayload(array));
        Verification.Require(_connection.Ask(frame).SequenceEqual(array), "an echo returns what was sent");
        return RequestFrames.Repeated(frame, Requests);
    }
}
