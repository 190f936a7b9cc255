using System.Runtime.CompilerServices;
using Dapper;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Accounts;

/// <summary>
/// Users in the shards of their uids; phone numbers and login codes in the shards of the numbers. A login writes in two shards one after
/// the other: if a crash comes between them, the number has an owner without a row in `users`, and the next login creates it. The second
/// one also adds the device.
/// </summary>
internal sealed class AccountRepository : IAccountRepository
{
    public static readonly Failure NoSuchUser = new(StatusCode.NoSuchUser, "nobody has this uid");

    private const string FindOwner = "SELECT uid FROM phones WHERE phone = @Phone";

    private const string DeleteCodes = "DELETE FROM codes WHERE phone = @Phone";

    private const string UpdateCodes =
        """
        UPDATE codes SET code = '', sent_at = @ChangedAt, tries = @Tries, locked_until = @LockedUntil, sent = @Sent
        WHERE phone = @Phone
        """;

    private readonly IRecords _records;
    private readonly PeopleDirectory _directory;
    private readonly DeviceRepository _devices;
    private readonly CodeRules _rules;
    private readonly Func<long, Task<CachedProfile?>> _load;
    private readonly string _lockCodes;
    private readonly string _claimPhone;
    private readonly string _useCodeAndClaimPhone;
    private readonly string _insertUser;
    private readonly string _putUser;

    public AccountRepository(IRecords records, PeopleDirectory directory, DeviceRepository devices, CodeRules rules)
    {
        (_records, _directory, _devices, _rules) = (records, directory, devices, rules);
        _load = LoadAsync;
        _lockCodes = records.Sql.InsertIfAbsent("codes", "phone", "code", "sent_at", "tries", "locked_until")
            + $"; SELECT code, sent_at, tries, locked_until, sent, ({FindOwner}) AS owner FROM codes WHERE phone = @Phone"
            + records.Sql.ForUpdate;
        _claimPhone = records.Sql.InsertIfAbsent("phones", "phone", "uid") + "; " + FindOwner;
        _useCodeAndClaimPhone = $"{UpdateCodes}; {_claimPhone}";
        _insertUser = records.Sql.InsertIfAbsent("users", [UserRow.Key, .. UserRow.OtherColumns]);
        _putUser = records.Sql.Upsert("users", UserRow.Key, UserRow.OtherColumns);
        records.Hear(HostEventKind.ProfileChanged, happened => _ = RefreshAsync(happened.Uid));
    }

    public ValueTask<Failure> IssueCodeAsync(string phone, SentCode fresh) => _records.RunAsync(PhoneHash.Of(phone), async session =>
    {
        var (found, _) = await LockCodesAsync(session, phone).ConfigureAwait(false);
        var (failure, keep) = _rules.Issue(found, fresh);
        await KeepCodesAsync(session, phone, found, keep).ConfigureAwait(false);
        return failure;
    });

    public ValueTask WithdrawCodeAsync(string phone, SentCode unsent, bool hasFailed = false) =>
        _records.RunAsync(PhoneHash.Of(phone), session => WithdrawCodeAsync(session, phone, unsent, hasFailed));

    public ValueTask<Outcome<long>> UseCodeAsync(string phone, string code, string? nonce, long now) =>
        _records.RunAsync(PhoneHash.Of(phone), session => UseCodeAsync(session, phone, code, nonce, now));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SignInAsync(Identity identity, string phone, string client, long now)
    {
        var isKnown = _directory.People.TryGetSlot(identity.Uid, out _);
        var (created, isTaken) = await _records.RunAsync(identity.Uid, async session =>
        {
            var created = !isKnown && await TryCreateAsync(session, Profile.New(identity.Uid, phone, now)).ConfigureAwait(false);
            if (!isKnown && !created && (await LockAsync(session, identity.Uid).ConfigureAwait(false))?.Phone != phone)
                return (created, isTaken: true);
            await _devices.AddAsync(session, identity, client, now, isNewUser: created).ConfigureAwait(false);
            return (created, isTaken: false);
        }).ConfigureAwait(false);
        if (isTaken)
            await GiveUpAsync(identity.Uid, phone).ConfigureAwait(false);
        if (!isKnown && !created)
            await RefreshAsync(identity.Uid).ConfigureAwait(false);
        return created;
    }

    /// <summary>Creates a user without a login; false if the number is taken or the user exists already.</summary>
    public async ValueTask<bool> AddAsync(Profile profile)
    {
        var owner = await _records.RunAsync(
            PhoneHash.Of(profile.Phone),
            session => ClaimPhoneAsync(session, profile.Phone, () => profile.Uid)).ConfigureAwait(false);
        return owner == profile.Uid && await CreateAsync(profile).ConfigureAwait(false);
    }

    public ValueTask<CachedProfile?> FindAsync(long uid) => _directory.MayExist(uid)
        ? _directory.Profiles.FindOrLoadAsync(uid, _load)
        : ValueTask.FromResult<CachedProfile?>(null);

    public ValueTask<Outcome<CachedProfile>> UpdateAsync(long uid, ProfileChange change, long now) =>
        _records.RunAsync<Outcome<CachedProfile>>(uid, async session =>
        {
            if (await LockAsync(session, uid).ConfigureAwait(false) is not { } profile)
                return NoSuchUser;
            var changed = change.ApplyTo(profile, WireTime.Day(now));
            if (!changed.IsOk)
                return changed.Failure;
            return await PutAsync(session, changed.Value).ConfigureAwait(false);
        });

    /// <summary>A user's profile, which stays as it is until the transaction ends; null if nobody has this uid.</summary>
    public async Task<Profile?> LockAsync(RecordSession session, long uid) => (await session.FindAsync<UserRow>(
        UserRow.Select + _records.Sql.ForUpdate, new { Uid = uid }).ConfigureAwait(false))?.ToProfile();

    /// <summary>Writes a profile that the transaction has locked, and shows it to everybody once it is durable.</summary>
    public async Task<CachedProfile> PutAsync(RecordSession session, Profile changed)
    {
        await session.ExecuteAsync(_putUser, UserRow.Of(changed)).ConfigureAwait(false);
        return Show(session, changed);
    }

    private async Task WithdrawCodeAsync(RecordSession session, string phone, SentCode unsent, bool hasFailed)
    {
        var (found, _) = await LockCodesAsync(session, phone).ConfigureAwait(false);
        var keep = hasFailed ? CodeRules.Fail(found, unsent.Nonce) : CodeRules.Withdraw(found, unsent.Nonce);
        await KeepCodesAsync(session, phone, found, keep).ConfigureAwait(false);
    }

    private async Task<Outcome<long>> UseCodeAsync(RecordSession session, string phone, string code, string? nonce, long now)
    {
        var (found, owner) = await LockCodesAsync(session, phone).ConfigureAwait(false);
        var (failure, keep) = CodeRules.Check(found, code, nonce, now);
        if (failure.Code == StatusCode.Ok && owner is null)
        {
            // Both at once, for a new number. Another host may be quicker.
            return await session.FindAsync<long>(_useCodeAndClaimPhone, new
            {
                Phone = phone, keep.ChangedAt, keep.Tries, keep.LockedUntil, Sent = CodesRow.Write(keep), Uid = NewUid(),
            }).ConfigureAwait(false);
        }

        await KeepCodesAsync(session, phone, found, keep).ConfigureAwait(false);
        return failure.Code == StatusCode.Ok ? owner!.Value : failure;
    }

    /// <summary>The owner of a number; a new number gets an owner.</summary>
    private async Task<long> ClaimPhoneAsync(RecordSession session, string phone, Func<long> newOwner)
    {
        if (await session.FindAsync<long?>(FindOwner, new { Phone = phone }).ConfigureAwait(false) is { } owner)
            return owner;
        // Another host may be quicker.
        return await session.FindAsync<long>(_claimPhone, new { Phone = phone, Uid = newOwner() }).ConfigureAwait(false);
    }

    // A uid that this host did not know to be taken when it was drawn.
    private long NewUid()
    {
        long uid;
        do
            uid = _records.NewUid();
        while (_directory.People.TryGetSlot(uid, out _));
        return uid;
    }

    // Another host gave the same uid to somebody else at that moment. The number gets another one with its next code.
    private async Task GiveUpAsync(long uid, string phone)
    {
        await _records.RunAsync(PhoneHash.Of(phone), session =>
            session.ExecuteAsync("DELETE FROM phones WHERE phone = @phone AND uid = @uid", new { phone, uid })).ConfigureAwait(false);
        throw new StoreUnavailableException("The uid drawn for a new user was taken at that moment; the next code gets another one.");
    }

    private async ValueTask<bool> CreateAsync(Profile profile)
    {
        var created = await _records.RunAsync(profile.Uid, session => TryCreateAsync(session, profile)).ConfigureAwait(false);
        if (!created)
            // By another host, or by this one in a commit that it did not hear the end of.
            await RefreshAsync(profile.Uid).ConfigureAwait(false);
        return created;
    }

    private async Task<bool> TryCreateAsync(RecordSession session, Profile profile)
    {
        if (await session.ExecuteAsync(_insertUser, UserRow.Of(profile)).ConfigureAwait(false) == 0)
            return false;
        Show(session, profile);
        return true;
    }

    /// <summary>Shows a written profile to everybody once it is durable.</summary>
    private CachedProfile Show(RecordSession session, Profile written)
    {
        var shown = new CachedProfile(written);
        session.OnCommitted(() => _directory.Show(shown));
        session.Tell(HostEventKind.ProfileChanged, written.Uid);
        return shown;
    }

    private async Task RefreshAsync(long uid)
    {
        try
        {
            await _directory.RefreshAsync(uid, _load).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // Loaded on the next request; until then decks show the old profile.
        }
    }

    private async Task<CachedProfile?> LoadAsync(long uid)
    {
        var row = await _records.ReadAsync(uid, connection =>
            connection.QueryFirstOrDefaultAsync<UserRow>(UserRow.Select, new { Uid = uid })).ConfigureAwait(false);
        return row is null ? null : new CachedProfile(row.ToProfile());
    }

    /// <summary>
    /// The codes of a phone, locked until the transaction ends, even if there are none, so that tries at the same instant on several hosts
    /// all count; and whose number it is.
    /// </summary>
    private async Task<(PhoneCodes Codes, long? Owner)> LockCodesAsync(RecordSession session, string phone)
    {
        var row = await session.FindAsync<CodesRow>(
            _lockCodes, new { Phone = phone, Code = "", SentAt = 0, Tries = 0, LockedUntil = 0 }).ConfigureAwait(false);
        return (row is { SentAt: > 0 } ? row.ToCodes() : PhoneCodes.None, row?.Owner);
    }

    /// <summary>Writes the codes back, or deletes the row if nothing is left to keep: it may exist only to be locked.</summary>
    private static async Task KeepCodesAsync(RecordSession session, string phone, PhoneCodes found, PhoneCodes keep)
    {
        if (keep.IsEmpty)
        {
            await session.ExecuteAsync(DeleteCodes, new { Phone = phone }).ConfigureAwait(false);
        }
        else if (!ReferenceEquals(keep, found))
        {
            await session.ExecuteAsync(
                UpdateCodes,
                new { Phone = phone, keep.ChangedAt, keep.Tries, keep.LockedUntil, Sent = CodesRow.Write(keep) }).ConfigureAwait(false);
        }
    }
}
