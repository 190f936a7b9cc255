using System.Net;
using Swiper.Local.Processes;

namespace Swiper.Load.Running;

/// <summary>The server under load.</summary>
internal sealed record LoadServer
{
    public required DnsEndPoint EndPoint { get; init; }

    public bool UseTls { get; init; }

    /// <summary>Tokens of users that can sign in.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>Its data folder, whose outbox holds login codes; null if not readable.</summary>
    public string? OutboxFolder { get; init; }

    /// <summary>The host, then its private MySQL and Redis; empty if unknown, or on another machine.</summary>
    public ServerGroup Processes { get; init; } = ServerGroup.None;

    /// <summary>Completes with the reason when the server exits; never if it is not watched.</summary>
    public Task<string> Ended { get; init; } = new TaskCompletionSource<string>().Task;
}
