using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Dispatch;

/// <summary>
/// What others must know of an opcode. The dispatcher checks it, and docs/PROTOCOL.md, docs/protocol.json and the calls of clients are
/// generated from it.
/// </summary>
public sealed record EndpointDescriptor
{
    // Any request can be invalid, meet a bug, or find a store or the server down.
    private static readonly StatusCode[] OfEveryRequest = [StatusCode.InternalError, StatusCode.BadParams, StatusCode.Unavailable];

    public Access Access { get; init; } = Access.SignedIn;

    /// <summary>The permission that every call requires; the dispatcher checks it.</summary>
    public Permission? Permission { get; init; }

    /// <summary>Permissions that only some args require; the handler checks them.</summary>
    public IReadOnlyList<ConditionalPermission> ConditionalPermissions { get; init; } = [];

    public RateLimit RateLimit { get; init; }

    /// <summary>What a call costs at its dearest args.</summary>
    public RequestCost Cost { get; init; } = RequestCost.Read;

    /// <summary>
    /// True if the request changes who the connection is: it begins once all before it on the connection are answered, and those after it
    /// begin once it is.
    /// </summary>
    public bool RunsAlone { get; init; }

    /// <summary>True if it begins once the <see cref="RequestCost.Write"/>s before it on the connection are answered.</summary>
    public bool AfterWrites { get; init; }

    /// <summary>True if sending the request again is harmless when the connection was lost before the reply.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>
    /// True if a success follows on <see cref="SessionRegistry.BeginSignIn"/>: the user's live pushes come after the reply.
    /// </summary>
    public bool SignsIn { get; init; }

    /// <summary>Its own failures. Those of every request, and those that follow from the other properties, are not listed.</summary>
    public IReadOnlyList<StatusCode> Failures { get; init; } = [];

    /// <summary>Whether calls count against the quotas of the user and the address.</summary>
    public bool HasQuota => Access != Access.Anonymous && Cost != RequestCost.Memory;

    /// <summary>Every failure code of its replies, in the order of their numbers.</summary>
    public IEnumerable<StatusCode> AllFailures => OfEveryRequest
        .Concat(RateLimit != RateLimit.None || HasQuota ? [StatusCode.Throttled] : [])
        .Concat(Access != Access.Anonymous ? [StatusCode.LoginRequired] : [])
        .Concat(Permission is not null || ConditionalPermissions.Count > 0 ? [StatusCode.VipRequired] : [])
        .Concat(Failures)
        .Distinct()
        .Order();
}

/// <summary>A permission that some args require.</summary>
/// <param name="Permission">The permission.</param>
/// <param name="For">What requires it, in words: "a superlike".</param>
public sealed record ConditionalPermission(Permission Permission, string For);
