namespace Swiper.Load.Scenarios;

/// <summary>What a scenario requires of the server and of the way it is driven.</summary>
public sealed record ScenarioDemands
{
    /// <summary>Each connection needs its own token to sign in.</summary>
    public bool Tokens { get; init; } = true;

    /// <summary>Reads the login codes that a host in Development writes to its outbox.</summary>
    public bool Codes { get; init; }

    /// <summary>Maximum requests in flight per virtual user; 1 if its requests depend on each other.</summary>
    public int MaxInFlight { get; init; } = 1;

    public Loops Loops { get; init; } = Loops.Both;
}

/// <summary>The loops that suit a scenario.</summary>
[Flags]
public enum Loops
{
    /// <summary>Each connection waits for a reply before it sends the next request.</summary>
    Closed = 1,

    /// <summary>Requests are due at a fixed rate, regardless of the server.</summary>
    Open = 2,

    Both = Closed | Open,
}
