using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>Users and their login codes. Acknowledged writes are durable.</summary>
public interface IAccountRepository
{
    /// <summary>Stores a new code of the phone, which is hashed, if <see cref="CodeRules.Issue"/> allows it.</summary>
    ValueTask<Failure> IssueCodeAsync(string phone, SentCode fresh);

    /// <summary>Withdraws a code by <see cref="CodeRules.Withdraw"/>, or if its message failed, by <see cref="CodeRules.Fail"/>.</summary>
    ValueTask WithdrawCodeAsync(string phone, SentCode unsent, bool hasFailed = false);

    /// <summary>
    /// Uses up the code, given as a hash, if <see cref="CodeRules.Check"/> accepts it, and returns the uid of the phone, which is given
    /// one at the first login.
    /// </summary>
    ValueTask<Outcome<long>> UseCodeAsync(string phone, string code, string? nonce, long now);

    /// <summary>
    /// Adds a device to the user of a code that was used, and creates the user if there is none yet: then it returns true. The longest
    /// unseen of more than <see cref="IDeviceRepository.Most"/> devices is signed out. Called once the device's connection is in the
    /// <see cref="SessionRegistry"/>.
    /// </summary>
    ValueTask<bool> SignInAsync(Identity identity, string phone, string client, long now);

    /// <summary>The user's profile, or null if no user has this uid. Completes synchronously if cached.</summary>
    ValueTask<CachedProfile?> FindAsync(long uid);

    /// <summary>Applies the change to the current profile; changes of one user are applied in order.</summary>
    ValueTask<Outcome<CachedProfile>> UpdateAsync(long uid, ProfileChange change, long now);
}
