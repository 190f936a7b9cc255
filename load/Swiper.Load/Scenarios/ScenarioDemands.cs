namespace Swiper.Load.Scenarios;

/// <summary>What a scenario needs of a server, and of the way in which it is driven.</summary>
public sealed record ScenarioDemands
{
    /// <summary>Each connection signs in with a token of its own.</summary>
    public bool Tokens { get; init; } = true;

    /// <summary>It reads the codes that a host in Development writes to its outbox.</summary>
    public bool Codes { get; init; }

    /// <summary>Requests that one virtual user may have under way; 1 for whoever does one thing after the other.</summary>
    public int MaxInFlight { get; init; } = 1;

    public Loops Loops { get; init; } = Loops.Both;
}

/// <summary>The ways to drive a scenario that make sense.</summary>
[Flags]
public enum Loops
{
    /// <summary>Each connection waits for its replies before it asks again.</summary>
    Closed = 1,

    /// <summary>Requests are due at a fixed rate, whatever the server does.</summary>
    Open = 2,

    Both = Closed | Open,
}
