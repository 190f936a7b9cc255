using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>Users, their login codes and their revoked tokens. Acknowledged writes are durable.</summary>
public interface IAccountRepository
{
    /// <summary>Stores a new code of the phone if <see cref="CodeRules.Issue"/> allows it.</summary>
    ValueTask<Failure> IssueCodeAsync(string phone, SentCode fresh);

    /// <summary>Removes a code that could not be sent, so that another may be requested at once.</summary>
    ValueTask WithdrawCodeAsync(string phone, SentCode unsent);

    /// <summary>
    /// Uses up the code if <see cref="CodeRules.Check"/> accepts it, and returns the user of the phone, creating it at the first login.
    /// </summary>
    ValueTask<Outcome<SignIn>> LogInAsync(string phone, string code, string? nonce, long now);

    /// <summary>The user's profile, or null if no user has this uid. Completes synchronously if cached.</summary>
    ValueTask<CachedProfile?> FindAsync(long uid);

    /// <summary>Applies the change to the current profile; changes of one user are applied in order.</summary>
    ValueTask<Outcome<CachedProfile>> UpdateAsync(long uid, ProfileChange change, long now);

    /// <summary>Revokes a token: <see cref="IsRevokedAsync"/> is true until it would have expired.</summary>
    ValueTask RevokeAsync(long uid, long tokenId, long expires);

    ValueTask<bool> IsRevokedAsync(long uid, long tokenId);
}

/// <param name="Uid">The signed-in user.</param>
/// <param name="Created">True if this login created the user.</param>
public readonly record struct SignIn(long Uid, bool Created);
