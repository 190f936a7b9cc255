using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>Users, their login codes and their revoked tokens. Whatever is acknowledged is durable.</summary>
public interface IAccountRepository
{
    /// <summary>Keeps a new code of the phone where <see cref="CodeRules.Issue"/> allows one.</summary>
    ValueTask<Failure> IssueCodeAsync(string phone, SentCode fresh);

    /// <summary>Forgets a code that could not be sent, so that another may be asked for at once.</summary>
    ValueTask WithdrawCodeAsync(string phone, SentCode unsent);

    /// <summary>
    /// Uses up the code where <see cref="CodeRules.Check"/> finds it right, and answers whose phone it is; the first time, a new user's.
    /// </summary>
    ValueTask<Outcome<SignIn>> LogInAsync(string phone, string code, string? nonce, long now);

    /// <summary>The user's profile, or null where nobody has this uid. From memory it is answered at once.</summary>
    ValueTask<CachedProfile?> FindAsync(long uid);

    /// <summary>Applies the change to the profile as it is at that moment; changes of one user do not overtake each other.</summary>
    ValueTask<Outcome<CachedProfile>> UpdateAsync(long uid, ProfileChange change, long now);

    /// <summary>From now on <see cref="IsRevokedAsync"/> is true of the token, until it would have expired anyway.</summary>
    ValueTask RevokeAsync(long uid, long tokenId, long expires);

    ValueTask<bool> IsRevokedAsync(long uid, long tokenId);
}

/// <param name="Uid">Who signed in.</param>
/// <param name="Created">True where this login made the user.</param>
public readonly record struct SignIn(long Uid, bool Created);
