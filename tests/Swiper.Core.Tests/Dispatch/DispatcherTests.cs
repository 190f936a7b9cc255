using System.Buffers;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Dispatch;

public sealed class DispatcherTests : IDisposable
{
    private const Opcode Tested = (Opcode)900;

    private static readonly EndpointDescriptor Open = new() { Access = Access.Anonymous };

    private readonly CancellationTokenSource _stopping = new();
    private readonly OpcodeTable _table;
    private readonly HashSet<Permission> _granted = [];
    private readonly StubLimiter _limiter = new();
    private readonly RecordedLog<Dispatcher> _logger = new();
    private readonly TestConnection _connection = new();

    public DispatcherTests() => _table = new OpcodeTable(_stopping.Token);

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public void An_unknown_opcode_is_1003()
    {
        Assert.Equal((9u, StatusCode.UnknownOpcode), Code(Dispatch(Wire.Request(9, Tested))));
        Assert.Equal((10u, StatusCode.UnknownOpcode), Code(Dispatch(Wire.Request(10, (Opcode)65535))));
        Assert.Equal((11u, StatusCode.UnknownOpcode), Code(Dispatch(Wire.Request(11, 0))));
        Assert.Equal((12u, StatusCode.UnknownOpcode), Code(Dispatch([0x94, 0x00, 12, 0xce, 0x00, 0x01, 0x00, 0x00, 0x90])));
    }

    [Fact]
    public void What_is_no_request_is_refused_without_a_word()
    {
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        Assert.Equal(Dispatched.NoRequest, Dispatcher().Dispatch(_connection.Session, [0x90], ref frames));
        frames.Flush();
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void An_anonymous_client_is_told_2000_and_a_signed_in_one_is_answered()
    {
        var handler = new Immediate((_, _) => default);
        _table.Answer(Tested, handler, new());
        Assert.Equal((1u, StatusCode.LoginRequired), Code(Dispatch(Wire.Request(1, Tested))));
        Assert.Equal(0, handler.Calls);

        _connection.Session.Exchange(new Identity(5, 6, 7));
        Assert.Equal((2u, StatusCode.Ok), Code(Dispatch(Wire.Request(2, Tested))));
        Assert.Equal(1, handler.Calls);
    }

    [Fact]
    public void A_user_without_the_permission_of_an_opcode_is_told_4000_and_which_it_is()
    {
        var handler = new Immediate((_, _) => default);
        _table.Answer(Tested, handler, new() { Permission = Permission.WhoLikedMe });
        Assert.Equal((1u, StatusCode.LoginRequired), Code(Dispatch(Wire.Request(1, Tested))));

        _connection.Session.Exchange(new Identity(5, 6, 7));
        _granted.Add(Permission.Rewind);
        var denied = Dispatch(Wire.Request(2, Tested));
        Assert.Equal((2u, StatusCode.VipRequired, "who_liked_me"), (denied.Id, denied.Status, denied.Message));
        Assert.Equal(0, handler.Calls);

        _granted.Add(Permission.WhoLikedMe);
        Assert.Equal((3u, StatusCode.Ok), Code(Dispatch(Wire.Request(3, Tested))));
    }

    [Fact]
    public void A_user_beyond_a_quota_is_told_1005_and_when_to_come_back_except_for_what_is_in_memory()
    {
        var handler = new Immediate((_, _) => default);
        _table.Answer(Tested, handler, new() { Cost = RequestCost.Search });
        _table.Answer((Opcode)901, handler, new() { Cost = RequestCost.Memory });
        new SessionRegistry(new QuotaLimits(1, 1, 1, Searches: 2, UsersPerAddress: 1)).SignIn(
            _connection.Session, new Identity(5, 6, long.MaxValue));
        Assert.Equal(StatusCode.Ok, Dispatch(Wire.Request(1, Tested)).Status);
        Assert.Equal(StatusCode.Ok, Dispatch(Wire.Request(2, Tested)).Status);

        var reply = Dispatch(Wire.Request(3, Tested));
        Assert.Equal((3u, StatusCode.Throttled), Code(reply));
        Assert.InRange(reply.Number, 1, 30_000);
        Assert.Equal(2, handler.Calls);
        for (var id = 4u; id < 10; id++)
            Assert.Equal(StatusCode.Ok, Dispatch(Wire.Request(id, (Opcode)901)).Status);
    }

    [Fact]
    public void A_throttled_client_is_told_1005_and_when_to_come_back()
    {
        var handler = new Immediate((_, _) => default);
        _table.Answer(Tested, handler, Open with { RateLimit = RateLimit.SendCode });
        _limiter.RetryAfter = TimeSpan.FromMilliseconds(1234.5);
        var reply = Dispatch(Wire.Request(1, Tested));
        Assert.Equal((1u, StatusCode.Throttled), Code(reply));
        Assert.Equal(1235, reply.Number);
        Assert.Equal(0, handler.Calls);
        Assert.Equal(("local", RateLimit.SendCode), _limiter.Asked);

        _limiter.RetryAfter = null;
        Assert.Equal((2u, StatusCode.Ok), Code(Dispatch(Wire.Request(2, Tested))));
    }

    [Fact]
    public void An_unlimited_opcode_does_not_ask_the_limiter()
    {
        _table.Answer(Tested, new Immediate((_, _) => default), Open);
        _limiter.RetryAfter = TimeSpan.FromSeconds(1);
        Assert.Equal((1u, StatusCode.Ok), Code(Dispatch(Wire.Request(1, Tested))));
    }

    [Fact]
    public void Bad_args_are_1001_and_the_message_names_the_field()
    {
        Map(new DiagnosticsSlice(new ServerIdentity("swiper/test", () => 1, 2, 3), TimeProvider.System));
        AssertBad("protocol: missing", (ref args) => args.WriteArrayHeader(0));
        AssertBad("protocol: expected an integer", (ref args) =>
        {
            args.WriteArrayHeader(2);
            args.WriteString("1");
            args.WriteString("test");
        });
        AssertBad("client: missing", (ref args) =>
        {
            args.WriteArrayHeader(1);
            args.WriteInt64(1);
        });
        AssertBad("client: longer than 100 bytes", (ref args) =>
        {
            args.WriteArrayHeader(2);
            args.WriteInt64(1);
            args.WriteString(new string('x', 101));
        });
        AssertBad("protocol: this server supports 1", (ref args) =>
        {
            args.WriteArrayHeader(2);
            args.WriteInt64(2);
            args.WriteString("test");
        });

        void AssertBad(string problem, WriteValues args)
        {
            var reply = Dispatch(Wire.Request(4, Opcode.Hello, args));
            Assert.Equal((4u, StatusCode.BadParams, problem), (reply.Id, reply.Status, reply.Message));
        }
    }

    [Fact]
    public void The_diagnostics_answer()
    {
        Map(new DiagnosticsSlice(new ServerIdentity("swiper/test", () => 1, 2, 3), TimeProvider.System));
        var hello =
            new FieldReader(Dispatch(Wire.Request(1, Opcode.Hello, (ref args) => new HelloRequest(1, "test").Write(ref args))).Content);
        var reply = HelloReply.Read(ref hello);
        Assert.Equal(new HelloReply(1, "swiper/test", 1, reply.Now, 2, 3), reply);
        Assert.InRange(Dispatch(Wire.Request(2, Opcode.Ping)).Number, reply.Now, reply.Now + 60_000);

        var echoed = Dispatch(Wire.Request(3, Opcode.Echo, (ref args) => args.WriteRaw([0x93, 0xc0, 0xcd, 0x00, 0x01, 0x80])));
        Assert.Equal([0x93, 0xc0, 0xcd, 0x00, 0x01, 0x80], echoed.Content);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void A_handler_that_throws_half_way_leaves_a_whole_1000_and_nothing_of_its_half(int written)
    {
        _table.Answer(Tested, new Immediate((_, ref data) =>
        {
            data.WriteArrayHeader(2);
            data.WriteBinary(new byte[written]);
            throw new InvalidOperationException(Broken.Secret);
        }), Open);
        AssertInternalError(Dispatch(Wire.Request(77, Tested)), 77);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void A_handler_that_fails_half_way_leaves_its_failure_and_nothing_of_its_half(int written)
    {
        _table.Answer(Tested, new Immediate((_, ref data) =>
        {
            data.WriteArrayHeader(2);
            data.WriteBinary(new byte[written]);
            return new Failure(StatusCode.NoSuchUser, "nobody");
        }), Open);
        var reply = Dispatch(Wire.Request(77, Tested));
        Assert.Equal((77u, StatusCode.NoSuchUser, "nobody"), (reply.Id, reply.Status, reply.Message));
    }

    [Fact]
    public void Args_whose_reading_throws_are_1000_and_the_connection_lives()
    {
        _table
            .Answer(Tested, new ImmediateBroken(), Open)
            .Defer(Tested + 1, new Deferred<Broken, NoData>(_ => default), Open);
        AssertInternalError(Dispatch(Wire.Request(1, Tested)), 1);
        AssertInternalError(Dispatch(Wire.Request(2, Tested + 1)), 2);
    }

    [Fact]
    public void A_store_that_is_not_available_is_1004_and_does_not_fill_the_log()
    {
        _table
            .Answer(Tested, new Immediate((_, _) => throw new StoreUnavailableException(Broken.Secret)), Open)
            .Defer(Tested + 1, new Deferred<NoArgs, NoData>(_ => throw new StoreUnavailableException(Broken.Secret)), Open)
            .Defer(Tested + 2, new Deferred<NoArgs, NoData>(_ =>
                ValueTask.FromException<Outcome<NoData>>(new StoreUnavailableException(Broken.Secret))), Open);
        for (var i = 0; i < 3; i++)
        {
            var reply = Dispatch(Wire.Request((uint)i, (Opcode)((ushort)Tested + i)));
            Assert.Equal(((uint)i, StatusCode.Unavailable, "a store is not available, try again"),
                (reply.Id, reply.Status, reply.Message));
        }
        Assert.DoesNotContain(_logger.Entries, entry => entry.Exception is not null);
    }

    [Fact]
    public void A_handler_that_is_cancelled_while_nothing_stops_is_1000_like_any_other_that_throws()
    {
        MapCancelled();
        for (uint id = 0; id < 3; id++)
        {
            AssertInternalError(Dispatch(Wire.Request(id, (Opcode)((ushort)Tested + id))), id);
            Assert.Equal(id + 1, (uint)_logger.Entries.Count(entry => entry.Exception is not null));
        }
    }

    [Fact]
    public void A_handler_that_is_cancelled_while_the_server_stops_is_1004_and_does_not_fill_the_log()
    {
        MapCancelled();
        _stopping.Cancel();
        AssertCancelled("the server is stopping, try again");
    }

    [Fact]
    public void A_handler_that_is_cancelled_because_its_client_has_left_does_not_fill_the_log()
    {
        MapCancelled();
        _connection.Session.Exchange(null);
        AssertCancelled("nobody waited for the answer, try again");

        _connection.Session.Exchange(new Identity(5, 6, 7));
        AssertInternalError(Dispatch(Wire.Request(3, Tested)), 3);
        _connection.Session.NoteGone();
        AssertCancelled("nobody waited for the answer, try again");
    }

    [Fact]
    public void A_deferred_handler_that_throws_is_1000_and_its_message_stays_here()
    {
        _table
            .Defer(Tested, new Deferred<NoArgs, NoData>(_ => throw new InvalidOperationException(Broken.Secret)), Open)
            .Defer(Tested + 1, new Deferred<NoArgs, NoData>(_ =>
                ValueTask.FromException<Outcome<NoData>>(new InvalidOperationException(Broken.Secret))), Open);
        AssertInternalError(Dispatch(Wire.Request(1, Tested)), 1);
        AssertInternalError(Dispatch(Wire.Request(2, Tested + 1)), 2);
    }

    [Fact]
    public async Task A_deferred_handler_that_fails_later_is_answered_too()
    {
        var outcomes = new TaskCompletionSource<Outcome<NoData>>[3];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = new TaskCompletionSource<Outcome<NoData>>();
        var next = 0;
        _table.Defer(Tested, new Deferred<NoArgs, NoData>(_ => new(outcomes[next++].Task)), Open);
        for (uint id = 0; id < 3; id++)
            Defer(Wire.Request(id, Tested));

        outcomes[0].SetException(new InvalidOperationException(Broken.Secret));
        AssertInternalError(await _connection.NextAsync(), 0);
        outcomes[1].SetException(new StoreUnavailableException(Broken.Secret));
        Assert.Equal((1u, StatusCode.Unavailable), Code(await _connection.NextAsync()));
        outcomes[2].SetResult(new Failure(StatusCode.NotFriends, "no"));
        Assert.Equal((2u, StatusCode.NotFriends), Code(await _connection.NextAsync()));
        await _connection.Session.InFlight.WhenIdleAsync();
    }

    [Fact]
    public async Task A_deferred_reply_that_cannot_be_written_is_1000_now_and_later()
    {
        var later = new TaskCompletionSource<Outcome<Broken>>();
        _table
            .Defer(Tested, new Deferred<NoArgs, Broken>(_ => new(new Broken())), Open)
            .Defer(Tested + 1, new Deferred<NoArgs, Broken>(_ => new(later.Task)), Open);
        AssertInternalError(Dispatch(Wire.Request(1, Tested)), 1);

        Defer(Wire.Request(2, Tested + 1));
        later.SetResult(new Broken());
        AssertInternalError(await _connection.NextAsync(), 2);
        await _connection.Session.InFlight.WhenIdleAsync();
    }

    [Fact]
    public async Task Deferred_requests_end_in_any_order_with_the_right_ids()
    {
        const int Requests = 200;
        var waiting = new List<(uint Id, TaskCompletionSource<Outcome<Numbered>> Outcome)>();
        _table.Defer(Tested, new Deferred<Numbered, Numbered>(request =>
        {
            var outcome = new TaskCompletionSource<Outcome<Numbered>>();
            waiting.Add(((uint)request.Number, outcome));
            return new(outcome.Task);
        }), Open);
        for (var i = 0; i < Requests; i++)
            Defer(Wire.Request((uint)i, Tested, (ref args) => new Numbered(1, i).Write(ref args)));
        Assert.Equal(Enumerable.Range(0, Requests), waiting.Select(one => (int)one.Id));
        var idle = _connection.Session.InFlight.WhenIdleAsync().AsTask();
        Assert.False(idle.IsCompleted);

        var order = waiting.ToArray();
        new Random(3).Shuffle(order);
        foreach (var (id, outcome) in order)
        {
            outcome.SetResult(new Numbered(2, (int)id, Padding: 9));
            var reply = await _connection.NextAsync();
            var fields = new FieldReader(reply.Content);
            Assert.Equal((id, StatusCode.Ok, new Numbered(2, (int)id, 9)), (reply.Id, reply.Status, Numbered.Read(ref fields)));
        }
        Assert.Empty(_connection.Received());
        await idle;
    }

    [Fact]
    public void Several_requests_of_one_batch_are_answered_one_by_one()
    {
        Map(new DiagnosticsSlice(new ServerIdentity("swiper/test", () => 1, 2, 3), TimeProvider.System));
        _table.Answer(Tested, new Immediate((_, _) => throw new InvalidOperationException()), Open);
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        var dispatcher = Dispatcher();
        for (uint id = 0; id < 100; id++)
        {
            var request = (id % 4) switch
            {
                0 => Wire.Request(id, Opcode.Ping),
                1 => Wire.Request(id, Tested),
                2 => Wire.Request(id, Opcode.Echo, (ref args) => args.WriteRaw(Wire.Write((ref inner) =>
                {
                    inner.WriteArrayHeader(1);
                    inner.WriteBinary(new byte[5000]);
                }))),
                _ => Wire.Request(id, (Opcode)999),
            };
            Assert.Equal(Dispatched.Done, dispatcher.Dispatch(_connection.Session, request, ref frames));
        }
        frames.Flush();

        StatusCode[] codes = [StatusCode.Ok, StatusCode.InternalError, StatusCode.Ok, StatusCode.UnknownOpcode];
        Assert.Equal(
            Enumerable.Range(0, 100).Select(id => ((uint)id, codes[id % 4])),
            Wire.ReadAll(output.WrittenSpan).Select(Code));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reply_comes_after_the_pushes_that_its_handler_sent_on_whatever_thread(bool early)
    {
        var outcome = new TaskCompletionSource<Outcome<NoData>>();
        _table.Defer(Tested, new Deferred<NoArgs, NoData>(_ =>
        {
            // Elsewhere, as a store does it, and sometimes it is done before the loop looks.
            var elsewhere = new Thread(() =>
            {
                for (var seq = 1; seq <= 5; seq++)
                    _connection.Output.AppendPush(Opcode.Superliked, seq, new PersonPush(seq, 0));
                if (early)
                    outcome.SetResult(default(NoData));
            });
            elsewhere.Start();
            elsewhere.Join();
            return new(outcome.Task);
        }), Open);
        _connection.Batch((ref replies) => Dispatcher().Dispatch(_connection.Session, Wire.Request(9, Tested), ref replies));
        if (!early)
            outcome.SetResult(default(NoData));
        for (var seq = 1; seq <= 5; seq++)
            Assert.Equal(seq, (await _connection.NextAsync()).Code);
        Assert.Equal((9u, StatusCode.Ok), Code(await _connection.NextAsync()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_reply_of_what_signs_in_comes_before_the_users_live_pushes(bool early)
    {
        var registry = new SessionRegistry();
        var identity = new Identity(1, 2, 3);
        var outcome = new TaskCompletionSource<Outcome<NoData>>();
        _table.Defer(
            Tested, new Deferred<NoArgs, NoData>(_ =>
            {
                registry.BeginSignIn(_connection.Session, identity);
                Assert.True(_connection.Session.TryEndCatchingUp(_connection.Session.Missed));
                registry.Push(1, Opcode.Superliked, 1, new PersonPush(7, 0));
                if (early)
                    outcome.SetResult(default(NoData));
                return new(outcome.Task);
            }), Open with { SignsIn = true });
        _connection.Batch((ref replies) => Dispatcher().Dispatch(_connection.Session, Wire.Request(9, Tested), ref replies));
        if (!early)
        {
            Assert.Empty(_connection.Received());
            outcome.SetResult(default(NoData));
        }
        Assert.Equal((9u, StatusCode.Ok), Code(await _connection.NextAsync()));
        Assert.Equal(((uint)Opcode.Superliked, 1L), (await _connection.NextAsync()) is var push ? (push.Id, push.Code) : default);
        registry.Push(1, Opcode.Superliked, 2, new PersonPush(7, 0));
        Assert.Equal(2, (await _connection.NextAsync()).Code);
    }

    [Fact]
    public void A_sign_in_that_is_refused_leaves_the_pushes_of_another_one_waiting()
    {
        _connection.Output.DelayPushes();
        _connection.Output.AppendPush(Opcode.Superliked, 1, new PersonPush(7, 0));
        _table.Defer(
            Tested, new Deferred<NoArgs, NoData>(_ => new(new Failure(StatusCode.BadCode, "no"))), Open with { SignsIn = true });
        Assert.Equal(StatusCode.BadCode, Dispatch(Wire.Request(1, Tested)).Status);
        Assert.Empty(_connection.Received());
    }

    // At once, before it waits, and once it has waited.
    private void MapCancelled() => _table
        .Answer(Tested, new Immediate((_, _) => throw new OperationCanceledException(Broken.Secret)), Open)
        .Defer(Tested + 1, new Deferred<NoArgs, NoData>(_ => throw new OperationCanceledException(Broken.Secret)), Open)
        .Defer(Tested + 2, new Deferred<NoArgs, NoData>(_ =>
            ValueTask.FromException<Outcome<NoData>>(new OperationCanceledException(Broken.Secret))), Open);

    private void AssertCancelled(string message)
    {
        var logged = _logger.Entries.Count;
        for (uint id = 0; id < 3; id++)
        {
            var reply = Dispatch(Wire.Request(id, (Opcode)((ushort)Tested + id)));
            Assert.Equal((id, StatusCode.Unavailable, message), (reply.Id, reply.Status, reply.Message));
        }
        Assert.Equal(logged, _logger.Entries.Count);
    }

    private void AssertInternalError(ServerFrame reply, uint id)
    {
        Assert.Equal((id, StatusCode.InternalError, $"internal error, reference connection-1/{id}"),
            (reply.Id, reply.Status, reply.Message));
        Assert.Equal(Broken.Secret, _logger.Entries[^1].Exception?.Message);
    }

    private static (uint Id, StatusCode Code) Code(ServerFrame reply) => (reply.Id, reply.Status);

    private void Map(DiagnosticsSlice slice) => slice.Map(_table);

    private Dispatcher Dispatcher() => new(_table, new PermissionPolicy(_granted), _limiter, _logger);

    // A request that is answered at once.
    private ServerFrame Dispatch(byte[] request)
    {
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        Assert.Equal(Dispatched.Done, Dispatcher().Dispatch(_connection.Session, request, ref frames));
        frames.Flush();
        return Assert.Single(Wire.ReadAll(output.WrittenSpan));
    }

    // A request whose reply comes later.
    private void Defer(byte[] request)
    {
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        Assert.Equal(Dispatched.Done, Dispatcher().Dispatch(_connection.Session, request, ref frames));
        frames.Flush();
        Assert.Equal(0, output.WrittenCount);
    }

    private delegate Failure Answer(Session session, ref MessagePackWriter data);

    private sealed class Immediate(Answer answer) : IImmediateHandler<NoArgs, NoData>
    {
        public Immediate(Func<Session, NoArgs, Failure> answer)
            : this((session, ref data) =>
            {
                data.WriteNil();
                return answer(session, default);
            })
        {
        }

        public int Calls { get; private set; }

        public Failure Handle(Session session, NoArgs request, ref MessagePackWriter data)
        {
            Calls++;
            return answer(session, ref data);
        }
    }

    private sealed class ImmediateBroken : IImmediateHandler<Broken, NoData>
    {
        public Failure Handle(Session session, Broken request, ref MessagePackWriter data) => throw new NotSupportedException();
    }

    private sealed class Deferred<TRequest, TReply>(Func<TRequest, ValueTask<Outcome<TReply>>> handle) : IDeferredHandler<TRequest, TReply>
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>
    {
        public ValueTask<Outcome<TReply>> HandleAsync(Session session, TRequest request) => handle(request);
    }

    private sealed class StubLimiter : IRequestLimiter
    {
        public TimeSpan? RetryAfter { get; set; }

        public (string Address, RateLimit Limit) Asked { get; private set; }

        public bool HasRoom(Session session, RateLimit limit, out TimeSpan retryAfter) => throw new NotSupportedException();

        public bool TryAcquire(Session session, RateLimit limit, out TimeSpan retryAfter)
        {
            Asked = (session.Address, limit);
            retryAfter = RetryAfter ?? default;
            return RetryAfter is null;
        }

        public void NoteCodeUsed(Session session) => throw new NotSupportedException();
    }
}
