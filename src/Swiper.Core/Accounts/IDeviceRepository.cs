using Swiper.Core.Dispatch;

namespace Swiper.Core.Accounts;

/// <summary>
/// Where users are signed in. Each login is a device, whose id is that of its token, and which ends with the token. Acknowledged writes
/// are durable, and count on every host: no later <see cref="SeeAsync"/> accepts a token whose end was acknowledged.
/// </summary>
public interface IDeviceRepository
{
    /// <summary>Devices a user may have; one more signs out the one that was not seen for longest.</summary>
    const int Most = 16;

    /// <summary>How much earlier than it really was a device may seem to have been seen last.</summary>
    static readonly TimeSpan SeenWithin = TimeSpan.FromHours(1);

    /// <summary>The user's devices, those seen last first.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="current">The device that asks.</param>
    /// <param name="now">The time.</param>
    ValueTask<IReadOnlyList<SignedInDevice>> ReadAsync(long uid, long current, long now);

    /// <summary>Whether a token that has not expired is no good any more.</summary>
    ValueTask<bool> IsRevokedAsync(long uid, long tokenId);

    /// <summary>
    /// Notes that the device is there; false if its token is no good any more. Called once the device's connection is in the
    /// <see cref="SessionRegistry"/>: whoever signs the device out from then on finds it there. A token that an older version or a tool
    /// has issued becomes a device.
    /// </summary>
    /// <param name="identity">From a token that has not expired.</param>
    /// <param name="client">What the app calls itself; empty if unknown, and then what is known already stays.</param>
    /// <param name="now">The time.</param>
    ValueTask<bool> SeeAsync(Identity identity, string client, long now);

    /// <summary>Ends the device's token. The connections of this host are for the caller to sign out, those of others are told.</summary>
    ValueTask LogOutAsync(Identity identity);

    /// <summary>
    /// Signs devices of the user out, and with each of them its connections to any host, also that of the one who asks. What is no device
    /// of the user is none afterwards either.
    /// </summary>
    /// <param name="uid">The user.</param>
    /// <param name="asker">The device that asks.</param>
    /// <param name="deviceId">The device; all but the asker if null, also those with a token that nobody has used yet.</param>
    /// <returns>False if the asker has been signed out itself in the meantime: then nothing was done.</returns>
    ValueTask<bool> SignOutAsync(long uid, long asker, long? deviceId);
}
