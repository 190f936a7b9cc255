using System.Net;
using Swiper.Local.Processes;

namespace Swiper.Load.Running;

/// <summary>The server under load.</summary>
internal sealed record LoadServer
{
    public required DnsEndPoint EndPoint { get; init; }

    public bool UseTls { get; init; }

    /// <summary>Of people who may sign in.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>Its data folder, whose outbox holds codes; null where nobody can read it.</summary>
    public string? OutboxFolder { get; init; }

    /// <summary>The host, then MySQL and Redis that serve it alone; none where they are not known, or on another machine.</summary>
    public ServerGroup Processes { get; init; } = ServerGroup.None;

    /// <summary>Completes, with the reason, where the server ends; never for one that nobody watches.</summary>
    public Task<string> Ended { get; init; } = new TaskCompletionSource<string>().Task;
}
