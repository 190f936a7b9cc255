using System.Net;

namespace Swiper.Load.Neighbour;

/// <summary>What one account does to a host, until it is stopped.</summary>
/// <param name="Name">For the report.</param>
/// <param name="RunAsync">Ends soon after it is stopped, and never for another reason: whoever is cut off comes back.</param>
internal sealed record Attack(string Name, Func<AttackTarget, CancellationToken, Task> RunAsync)
{
    /// <summary>An attack by one kind of request, or by some that differ, asked again and again.</summary>
    /// <param name="name">For the report.</param>
    /// <param name="requests">The frame of a request, by its number.</param>
    public Attack(string name, Func<AttackTarget, Func<int, byte[]>> requests)
        : this(name, (target, stop) => Flood.RunAsync(target, requests(target), stop)) => Requests = requests;

    /// <summary>The frame of a request, by its number; null where connections attack rather than requests.</summary>
    public Func<AttackTarget, Func<int, byte[]>>? Requests { get; }

    /// <summary>What is done before, and is no part of the attack.</summary>
    public Func<AttackTarget, Task> PrepareAsync { get; init; } = static _ => Task.CompletedTask;
}

/// <param name="EndPoint">The host.</param>
/// <param name="Token">The attacker's.</param>
/// <param name="Strangers">The uids of others.</param>
/// <param name="Friends">Their tokens, in the same order: they help to prepare an attack.</param>
internal sealed record AttackTarget(IPEndPoint EndPoint, string Token, long[] Strangers, IReadOnlyList<string> Friends);
