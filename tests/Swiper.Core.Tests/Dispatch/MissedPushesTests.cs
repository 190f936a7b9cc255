using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Dispatch;

public sealed class MissedPushesTests
{
    private const long Me = 1;

    private readonly SessionRegistry _registry = new();
    private readonly TestConnection _connection = new();
    private readonly KeptInMemory _kept = new();
    private readonly List<ServerFrame> _received = [];

    [Fact]
    public async Task Whoever_comes_back_is_sent_what_was_missed_in_order()
    {
        _kept.Add(1, 5);
        Assert.Equal(5, await SignInAsync(lastPushSeq: 2));
        Assert.Equal([(Opcode.Superliked, 3), (Opcode.Superliked, 4), (Opcode.Superliked, 5)], Received());
    }

    [Fact]
    public async Task Whoever_names_no_seq_or_the_newest_is_sent_nothing_and_told_where_pushes_go_on()
    {
        Assert.Equal(0, await SignInAsync(lastPushSeq: null));
        Assert.Equal(0, await SignInAsync(lastPushSeq: 0));
        _kept.Add(1, 5);
        Assert.Equal(5, await SignInAsync(lastPushSeq: null));
        Assert.Equal(5, await SignInAsync(lastPushSeq: 5));
        Assert.Empty(Received());
        AssertLive(6);
    }

    [Theory]
    [InlineData(5, 6)]
    [InlineData(5, long.MaxValue)]
    [InlineData(0, 1)]
    public async Task A_seq_that_was_never_reached_is_told_and_does_not_silence_the_connection(int newest, long lastPushSeq)
    {
        _kept.Add(1, newest);
        Assert.Equal(newest, await SignInAsync(lastPushSeq));
        AssertMissed(1, newest);
        AssertLive(newest + 1);
    }

    [Fact]
    public async Task Pushes_that_are_no_longer_kept_are_told_before_those_that_are()
    {
        _kept.Add(51, 53);
        Assert.Equal(53, await SignInAsync(lastPushSeq: 3));
        AssertMissed(4, 50);
        Assert.Equal([(Opcode.Superliked, 51), (Opcode.Superliked, 52), (Opcode.Superliked, 53)], Received());

        Assert.Equal(53, await SignInAsync(lastPushSeq: 50));
        Assert.Equal([(Opcode.Superliked, 51), (Opcode.Superliked, 52), (Opcode.Superliked, 53)], Received());
    }

    [Fact]
    public async Task Pushes_of_which_none_is_kept_are_told()
    {
        _kept.LastSeq = 10;
        Assert.Equal(10, await SignInAsync(lastPushSeq: 3));
        AssertMissed(4, 10);
        AssertLive(11);
    }

    [Theory]
    [InlineData(2L)]
    [InlineData(null)]
    public async Task A_push_that_comes_while_the_store_is_read_is_sent_before_the_reply_and_once(long? lastPushSeq)
    {
        _kept.Add(1, 2);
        // Committed too late for the read that is under way.
        _kept.Reading = () =>
        {
            _kept.Reading = null;
            return () =>
            {
                _kept.Add(3, 3);
                Live(3);
            };
        };
        Assert.Equal(3, await SignInAsync(lastPushSeq));
        Assert.Equal([(Opcode.Superliked, 3)], Received());
        Live(3);
        Assert.Empty(Received());
        AssertLive(4);
    }

    private async Task<long> SignInAsync(long? lastPushSeq)
    {
        _registry.BeginSignIn(_connection.Session, new Identity(Me, 10, 0));
        var pushSeq = await new MissedPushes(_kept).SendAsync(_connection.Session, Me, lastPushSeq);
        var before = _connection.Received();
        _connection.Output.ReleasePushes();
        // Nothing waited, so nothing but missed ones came.
        Assert.Empty(_connection.Received());
        _received.AddRange(before);
        return pushSeq;
    }

    private List<(Opcode Opcode, long Seq)> Received()
    {
        _received.AddRange(_connection.Received());
        var pushes = _received.ConvertAll(static push => ((Opcode)push.Id, push.Code));
        _received.Clear();
        return pushes;
    }

    private void AssertMissed(long from, long to)
    {
        var push = _received[0];
        _received.RemoveAt(0);
        Assert.Equal((Envelope.PushType, (uint)Opcode.Missed, to), (push.Type, push.Id, push.Code));
        var fields = new FieldReader(push.Content);
        Assert.Equal(new MissedPush(from, to), MissedPush.Read(ref fields));
    }

    private void AssertLive(long seq)
    {
        Live(seq);
        Assert.Equal([(Opcode.Superliked, seq)], Received());
    }

    private void Live(long seq) => _registry.Push(Me, Opcode.Superliked, seq, new PersonPush(7, 8));

    private sealed class KeptInMemory : IPushRepository
    {
        private readonly List<StoredPush> _pushes = [];

        public long LastSeq { get; set; }

        /// <summary>Called when a read begins; what it answers is called before the read ends.</summary>
        public Func<Action?>? Reading { get; set; }

        public void Add(long from, long to)
        {
            for (var seq = from; seq <= to; seq++)
                _pushes.Add(new StoredPush(LastSeq = seq, Opcode.Superliked, 7, 8));
        }

        public ValueTask<long> ReadLastSeqAsync(long uid)
        {
            var ending = Reading?.Invoke();
            var seq = LastSeq;
            ending?.Invoke();
            return new(seq);
        }

        public ValueTask<KeptPushes> ReadAfterAsync(long uid, long seq)
        {
            var ending = Reading?.Invoke();
            var kept = new KeptPushes(LastSeq, [.. _pushes.Where(push => push.Seq > seq)]);
            ending?.Invoke();
            return new(kept);
        }
    }
}
