namespace Swiper.Host.Options;

/// <summary>The limits of each connection and of all together.</summary>
public sealed record ConnectionLimits
{
    /// <summary>What <see cref="Pace"/> is in Production.</summary>
    public const int DefaultPace = 2000;

    /// <summary>Open connections over all ports; further ones are closed at once. About 5 KB of memory each while idle.</summary>
    public int Connections { get; init; } = 100_000;

    /// <summary>
    /// Those of them that one address may have, or one IPv6 network of 64 bits: a hundredth, and as many phones as are at once behind an
    /// address of a carrier.
    /// </summary>
    public int ConnectionsPerAddress { get; init; } = 1024;

    /// <summary>
    /// Connections that one address may begin in a minute, of which all may come at once: three times those that it may have, so that all
    /// may come back when a host restarts, and again. More than that is no carrier: each costs a host a handshake.
    /// </summary>
    public int NewConnectionsPerAddress { get; init; } = 3000;

    /// <summary>
    /// Whether loopback addresses have these limits, too. By default not: a proxy that terminates TLS has all its connections from there,
    /// and so have load tests.
    /// </summary>
    public bool CountLoopback { get; init; }

    /// <summary>The largest frame in bytes. The largest honest request is a profile of about 4 KiB.</summary>
    public int MaxFrame { get; init; } = 64 * 1024;

    /// <summary>
    /// Requests of one connection that may wait for a store at once; at the limit the server stops reading, it drops nothing.
    /// </summary>
    public int InFlight { get; init; } = 256;

    /// <summary>
    /// Frames, and KB of them and of their replies, that a connection is served in a second, of which all may come at once; one on which
    /// nobody is signed in, a tenth. Beyond, the server reads no more until it has time: it refuses and drops nothing. Null is 2,000, a
    /// hundred times what the busiest app asks for, and no limit in Development; 0 is no limit. Of reads that bring less than 256 bytes
    /// and complete no frame, each after the first counts as 50 frames.
    /// </summary>
    public int? Pace { get; init; }

    /// <summary>Bytes that may wait for a client that does not read; beyond them it is cut off and comes back with `resume`.</summary>
    public int MaxUnsent { get; init; } = 1024 * 1024;

    /// <summary>
    /// Bytes that the kernel keeps for a client that does not read; by default it would grow to megabytes. Enough for 10 Mbit/s at 100 ms.
    /// </summary>
    public int SendBuffer { get; init; } = 128 * 1024;

    /// <summary>
    /// Bytes that all connections may hold together: parts of frames, requests in flight, what clients do not read. Beyond them those that
    /// hold the most are cut. Honest clients hold next to nothing for longer than a moment.
    /// </summary>
    public long Buffered { get; init; } = 256 * 1024 * 1024;

    /// <summary>A connection that has not sent one complete frame by then is closed: it is a port scan or a mistake.</summary>
    public TimeSpan FirstFrame { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A connection on which nobody has been signed in for this long is closed: a person types in a code within a minute, or comes back
    /// with it. Null is a minute, and no limit in Development, where people try things out and tests measure anonymous requests.
    /// </summary>
    public TimeSpan? SignIn { get; init; }

    /// <summary>A frame that has begun must be complete by then; honest phones on bad networks need seconds, never minutes.</summary>
    public TimeSpan Frame { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A connection that sends nothing for this long is closed. Carrier NATs forget a quiet connection after minutes, so clients ping.
    /// </summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A client that leaves what is sent to it unread for this long is cut off, whatever else it does.</summary>
    public TimeSpan Send { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>On shutdown, connections that have not finished by then are cut.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be without anybody signed in; null without a limit.</summary>
    public TimeSpan? SignInFor(bool isDevelopment) => SignIn ?? (isDevelopment ? null : TimeSpan.FromMinutes(1));

    internal IEnumerable<string> Problems()
    {
        if (Connections < 1)
            yield return $"Limits:Connections: {Connections} is below 1";
        if (ConnectionsPerAddress < 1)
            yield return $"Limits:ConnectionsPerAddress: {ConnectionsPerAddress} is below 1";
        if (NewConnectionsPerAddress < 1)
            yield return $"Limits:NewConnectionsPerAddress: {NewConnectionsPerAddress} is below 1";
        if (Pace is < 0 or > 1_000_000_000)
            yield return $"Limits:Pace: {Pace} is not between 0 and 1000000000";
        if (SignIn <= TimeSpan.Zero)
            yield return "Limits:SignIn: must be positive";
        if (MaxFrame is < 256 or > 16 * 1024 * 1024)
            yield return $"Limits:MaxFrame: {MaxFrame} is not between 256 and 16777216 bytes";
        if (InFlight is < 1 or > 65536)
            yield return $"Limits:InFlight: {InFlight} is not between 1 and 65536";
        if (MaxUnsent < MaxFrame)
            yield return $"Limits:MaxUnsent: {MaxUnsent} is less than Limits:MaxFrame ({MaxFrame})";
        if (SendBuffer is < 4096 or > 16 * 1024 * 1024)
            yield return $"Limits:SendBuffer: {SendBuffer} is not between 4096 and 16777216 bytes";
        if (Buffered < MaxUnsent + MaxFrame)
            yield return $"Limits:Buffered: {Buffered} is less than Limits:MaxUnsent and Limits:MaxFrame, {MaxUnsent + MaxFrame}";
        foreach (var (name, time) in new[] { (nameof(FirstFrame), FirstFrame), (nameof(Frame), Frame), (nameof(Idle), Idle),
            (nameof(Send), Send), (nameof(Drain), Drain) })
        {
            if (time <= TimeSpan.Zero)
                yield return $"Limits:{name}: must be positive";
        }
    }
}
