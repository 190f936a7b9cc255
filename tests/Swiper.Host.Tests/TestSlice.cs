using System.Collections.Concurrent;
using System.Threading.Channels;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Host.Tests;

/// <summary>Requests whose replies the test decides about.</summary>
internal sealed class TestSlice : ISlice
{
    /// <summary>Answers once the test has opened the gate.</summary>
    public const Opcode Gated = (Opcode)900;

    /// <summary>Answers after a few milliseconds, as a store may.</summary>
    public const Opcode Slow = (Opcode)901;

    /// <summary>Answers 16 KiB.</summary>
    public const Opcode Large = (Opcode)902;

    /// <summary>Signs the session in once the test has opened the gate.</summary>
    public const Opcode SignIn = (Opcode)903;

    /// <summary>Signs the session in at once, as user 1.</summary>
    public const Opcode Enter = (Opcode)904;

    /// <summary>As <see cref="Gated"/>, for signed-in users, and it searches.</summary>
    public const Opcode Search = (Opcode)905;

    /// <summary>As <see cref="Gated"/>, and it runs alone on its connection.</summary>
    public const Opcode Alone = (Opcode)906;

    /// <summary>As <see cref="Gated"/>, for signed-in users, and it writes.</summary>
    public const Opcode Write = (Opcode)907;

    /// <summary>At once, after the writes before it.</summary>
    public const Opcode AfterWrites = (Opcode)908;

    /// <summary>Answers 60 KiB a moment later; for signed-in users, and it searches.</summary>
    public const Opcode LargeSearch = (Opcode)909;

    public const int LargeReply = 16 * 1024;

    public const int LargestReply = 60 * 1024;

    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _signedIn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<Session> _arrivals = Channel.CreateUnbounded<Session>();

    /// <summary>The host's.</summary>
    public SessionRegistry? Registry { get; set; }

    /// <summary>Sessions whose requests have arrived at the gate.</summary>
    public ConcurrentQueue<Session> Sessions { get; } = new();

    /// <summary>Ends when a session was signed in.</summary>
    public Task SignedIn => _signedIn.Task;

    public void Open() => _gate.TrySetResult();

    /// <summary>Waits until so many requests have arrived at the gate.</summary>
    public async Task ArrivedAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await _arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void Map(OpcodeTable table) => table
        .Defer(Gated, new GatedHandler(this), new() { Access = Access.Anonymous })
        .Defer(Slow, new SlowHandler(), new() { Access = Access.Anonymous })
        .Answer(Large, new LargeHandler(), new() { Access = Access.Anonymous })
        .Defer(SignIn, new SignInHandler(this), new() { Access = Access.Anonymous })
        .Answer(Enter, new EnterHandler(this), new() { Access = Access.Anonymous })
        .Defer(Search, new GatedHandler(this), new() { Cost = RequestCost.Search })
        .Defer(Alone, new GatedHandler(this), new() { Access = Access.Anonymous, RunsAlone = true })
        .Defer(Write, new GatedHandler(this), new() { Cost = RequestCost.Write })
        .Answer(AfterWrites, new LargeHandler(), new() { AfterWrites = true })
        .Defer(LargeSearch, new LargeSearchHandler(), new() { Cost = RequestCost.Search });

    private async ValueTask PassGateAsync(Session session)
    {
        Sessions.Enqueue(session);
        _arrivals.Writer.TryWrite(session);
        await _gate.Task;
    }

    private sealed class GatedHandler(TestSlice slice) : IDeferredHandler<NoArgs, NoData>
    {
        public async ValueTask<Outcome<NoData>> HandleAsync(Session session, NoArgs request)
        {
            await slice.PassGateAsync(session);
            return default(NoData);
        }
    }

    private sealed class SignInHandler(TestSlice slice) : IDeferredHandler<NoArgs, NoData>
    {
        public async ValueTask<Outcome<NoData>> HandleAsync(Session session, NoArgs request)
        {
            await slice.PassGateAsync(session);
            slice.Registry!.SignIn(session, new Identity(1, 2, long.MaxValue));
            slice._signedIn.SetResult();
            return default(NoData);
        }
    }

    private sealed class EnterHandler(TestSlice slice) : IImmediateHandler<NoArgs, NoData>
    {
        public Failure Handle(Session session, NoArgs request, ref MessagePackWriter data)
        {
            slice.Registry!.SignIn(session, new Identity(1, 2, long.MaxValue));
            default(NoData).Write(ref data);
            return default;
        }
    }

    private sealed class LargeSearchHandler : IDeferredHandler<NoArgs, LargeData>
    {
        public async ValueTask<Outcome<LargeData>> HandleAsync(Session session, NoArgs request)
        {
            await Task.Yield();
            return default(LargeData);
        }
    }

    private readonly struct LargeData : IPayload<LargeData>
    {
        private static readonly byte[] Bytes = new byte[LargestReply];

        public static LargeData Read(scoped ref FieldReader fields) => default;

        public void Write(ref MessagePackWriter writer)
        {
            writer.WriteArrayHeader(1);
            writer.WriteBinary(Bytes);
        }
    }

    private sealed class SlowHandler : IDeferredHandler<NoArgs, NoData>
    {
        public async ValueTask<Outcome<NoData>> HandleAsync(Session session, NoArgs request)
        {
            await Task.Delay(10);
            return default(NoData);
        }
    }

    private sealed class LargeHandler : IImmediateHandler<NoArgs, NoData>
    {
        private static readonly byte[] Data = new byte[LargeReply];

        public Failure Handle(Session session, NoArgs request, ref MessagePackWriter data)
        {
            data.WriteArrayHeader(1);
            data.WriteBinary(Data);
            return default;
        }
    }
}
