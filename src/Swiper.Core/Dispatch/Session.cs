using System.Diagnostics;
using System.Net;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>A connection as handlers see it: its user and its output.</summary>
public sealed class Session(string connectionId, EndPoint? remote, FrameOutput output, int maxInFlight)
{
    private const int NotCatchingUp = -1;

    // What _left is once the client has gone, and from a sign-out to the next sign-in.
    private static readonly CancellationTokenSource Gone = Cancelled();
    private static readonly CancellationTokenSource SignedOut = Cancelled();

    private Identity? _identity;
    private long _uid;
    private int _missed = NotCatchingUp;
    private long _lastPushSeq;
    private int _failedSignIns;
    private int _codesSent;
    private CancellationTokenSource? _left;
    private LoopSignal? _turn;
    private UserShare? _fullShare;
    private RequestCost _awaited;
    private (UserShare Share, RequestCost Cost)? _had;

    // Requests answered at once and not yet counted: all of one opcode, with one code, and arrived together.
    private int _answeredOpcode;
    private StatusCode _answeredCode;
    private int _answered;

    /// <summary>Names the connection in logs.</summary>
    public string ConnectionId { get; } = connectionId;

    /// <summary>The address for rate limits. Computed on demand, so that idle connections do not store it.</summary>
    public string Address => ClientAddress.Of(remote);

    /// <summary>What the client called itself in `hello`, as it said it; empty if it did not.</summary>
    public string Client { get; internal set; } = "";

    /// <summary>Requests to sign in or for codes that were refused on this connection: malformed, wrong or too often.</summary>
    public int FailedSignIns => Volatile.Read(ref _failedSignIns);

    /// <summary>Messages that this connection has caused.</summary>
    public int CodesSent => Volatile.Read(ref _codesSent);

    public FrameOutput Output { get; } = output;

    public InFlightRequests InFlight { get; } = new(maxInFlight);

    /// <summary>
    /// What the user has in progress on this host; null before the first sign-in. While requests are in flight, only theirs replaces it.
    /// </summary>
    internal UserShare? Share { get; set; }

    /// <summary>Of the user and of the address, from the first sign-in on; null where there are no quotas.</summary>
    internal (Quota User, Quota Address)? Quotas { get; set; }

    /// <summary>Counts what the connection does; null for nobody.</summary>
    internal Traffic? Traffic => Output.Traffic;

    /// <summary>Of the request that is being dispatched.</summary>
    internal RequestTimes Times { get; private set; }

    /// <summary>The signed-in user; null for an anonymous connection.</summary>
    public Identity? Identity => Volatile.Read(ref _identity);

    public bool IsSignedIn => Identity is not null;

    /// <summary>The uid of the signed-in user; handlers of <see cref="Access.SignedIn"/> opcodes may rely on it.</summary>
    /// <remarks>It does not change when another device signs this connection out while a request is being dispatched.</remarks>
    public long Uid => Volatile.Read(ref _uid);

    /// <summary>
    /// True for a push newer than all sent on this connection. A host may be notified of a push more than once.
    /// </summary>
    internal bool TryAdvancePushSeq(long seq)
    {
        while (true)
        {
            var last = Volatile.Read(ref _lastPushSeq);
            if (seq <= last)
                return false;
            if (Interlocked.CompareExchange(ref _lastPushSeq, seq, last) == last)
                return true;
        }
    }

    /// <summary>The seq of the newest push sent on this connection.</summary>
    internal long LastPushSeq => Volatile.Read(ref _lastPushSeq);

    /// <summary>By the loop: counts a request against the quotas, unless it would exceed one; then it tells when it would not.</summary>
    internal bool TryTakeQuota(RequestCost cost, out TimeSpan retryAfter, out Throttle by)
    {
        retryAfter = default;
        by = Throttle.User;
        if (Quotas is not { } quotas)
            return true;
        var now = Environment.TickCount64;
        if (!quotas.User.TryTake(cost, now, out retryAfter))
            return false;
        by = Throttle.Address;
        return quotas.Address.TryTake(cost, now, out retryAfter);
    }

    /// <summary>By the loop: of the requests that are dispatched from now on. Both from <see cref="Stopwatch.GetTimestamp"/>.</summary>
    /// <param name="arrived">When they arrived.</param>
    /// <param name="now">When they begin.</param>
    public void BeginRead(long arrived, long now)
    {
        CountAnswered();
        Times = new RequestTimes(arrived, now);
    }

    /// <summary>By the loop: once the replies to the requests of a read are sent.</summary>
    /// <param name="bytes">Of the frames that were dispatched.</param>
    public void EndRead(long bytes)
    {
        CountAnswered();
        if (bytes > 0)
            Traffic?.Received(bytes);
    }

    /// <summary>By the loop: a request was answered at once. Those of a read that are alike are counted together.</summary>
    internal void NoteAnswered(int opcode, StatusCode code)
    {
        if (_answered == 0 || opcode != _answeredOpcode || code != _answeredCode)
        {
            CountAnswered();
            (_answeredOpcode, _answeredCode) = (opcode, code);
        }
        _answered++;
    }

    /// <summary>By the loop: what was received was no request, and was answered so.</summary>
    public void NoteRefused(StatusCode code) => NoteAnswered(Envelope.NoOpcode, code);

    private void CountAnswered()
    {
        if (_answered == 0)
            return;
        Traffic?.Answered(this, _answeredOpcode, _answeredCode, _answered, Times);
        _answered = 0;
    }

    /// <summary>By the loop: whether the request may begin now. If not, <see cref="WhenMayBeginAsync"/> tells when to ask again.</summary>
    internal bool MayBegin(Endpoint endpoint)
    {
        if (!InFlight.MayBegin(endpoint.RunsAlone, endpoint.AfterWrites))
        {
            _fullShare = null;
            return false;
        }
        if (Share is not { } share || share.HasRoom(endpoint.Cost))
            return true;
        (_fullShare, _awaited) = (share, endpoint.Cost);
        return false;
    }

    /// <summary>
    /// By the loop: after a request might not begin, completes when it is worth asking again. The loop then dispatches what it has, or
    /// ends, and calls <see cref="PassTurnOn"/>.
    /// </summary>
    public ValueTask WhenMayBeginAsync()
    {
        if (_fullShare is not { } share)
            return InFlight.WhenIdleAsync();
        _had = (share, _awaited);
        return share.WhenRoomAsync(_awaited, _turn ??= new LoopSignal());
    }

    /// <summary>By the loop: what it left of the room that it was woken for is for the user's other connections.</summary>
    public void PassTurnOn()
    {
        if (_had is not { } had)
            return;
        _had = null;
        had.Share.Wake(had.Cost);
    }

    /// <summary>
    /// Cancelled once nobody waits for what the user has asked for on this connection: the client has gone, or the user was signed out.
    /// Whoever asks only then gets a cancelled one, too, until somebody signs in again.
    /// </summary>
    public CancellationToken Left
    {
        get
        {
            if (Volatile.Read(ref _left) is { } left)
                return left.Token;
            var created = new CancellationTokenSource();
            return (Interlocked.CompareExchange(ref _left, created, null) ?? created).Token;
        }
    }

    /// <summary>The client will not read any replies.</summary>
    public void NoteGone() => Interlocked.Exchange(ref _left, Gone)?.Cancel();

    /// <summary>Whether <see cref="Left"/> was cancelled, and nobody has signed in since.</summary>
    internal bool HasLeft => Volatile.Read(ref _left) is { IsCancellationRequested: true };

    private void NoteSignedOut()
    {
        CancellationTokenSource? left;
        do
        {
            left = Volatile.Read(ref _left);
            if (left == Gone)
                return;
        }
        while (Interlocked.CompareExchange(ref _left, SignedOut, left) != left);
        left?.Cancel();
    }

    private static CancellationTokenSource Cancelled()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return source;
    }

    internal bool IsCatchingUp => Volatile.Read(ref _missed) != NotCatchingUp;

    /// <summary>Pushes with a greater seq are sent, whether or not they were sent before.</summary>
    internal void RestartPushesAfter(long seq) => Volatile.Write(ref _lastPushSeq, seq);

    /// <summary>Holds live pushes back, because older ones that the client missed must precede them.</summary>
    internal void BeginCatchingUp() => Volatile.Write(ref _missed, 0);

    /// <summary>True while catching up: the push is noted as missed.</summary>
    internal bool TryNoteMissed()
    {
        while (true)
        {
            var missed = Volatile.Read(ref _missed);
            if (missed == NotCatchingUp)
                return false;
            if (Interlocked.CompareExchange(ref _missed, missed + 1, missed) == missed)
                return true;
        }
    }

    /// <summary>Pushes noted so far; read it before reading the stored pushes.</summary>
    internal int Missed => Volatile.Read(ref _missed);

    /// <summary>Lets live pushes flow again, unless one was noted since <paramref name="missed"/> was read.</summary>
    internal bool TryEndCatchingUp(int missed) => Interlocked.CompareExchange(ref _missed, NotCatchingUp, missed) == missed;

    /// <summary>Lets live pushes flow again, whatever was noted.</summary>
    internal void EndCatchingUp() => Volatile.Write(ref _missed, NotCatchingUp);

    public void NoteFailedSignIn() => Interlocked.Increment(ref _failedSignIns);

    public void NoteCodeSent() => Interlocked.Increment(ref _codesSent);

    /// <summary>Held while the identity and the registry change together, and while pushes to the user are appended.</summary>
    internal object IdentityGate => InFlight;

    /// <summary>Replaces the identity and returns the previous one.</summary>
    internal Identity? Exchange(Identity? identity)
    {
        if (identity is not null)
        {
            Volatile.Write(ref _uid, identity.Uid);
            Interlocked.CompareExchange(ref _left, null, SignedOut);
        }
        else
        {
            NoteSignedOut();
        }
        return Interlocked.Exchange(ref _identity, identity);
    }
}
