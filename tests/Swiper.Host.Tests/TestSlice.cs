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

    public const int LargeReply = 16 * 1024;

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
        .Defer(SignIn, new SignInHandler(this), new() { Access = Access.Anonymous });

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
