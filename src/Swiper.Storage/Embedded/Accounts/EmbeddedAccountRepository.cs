using System.Runtime.CompilerServices;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Embedded.Accounts;

/// <summary>Users of the embedded engine.</summary>
internal sealed class EmbeddedAccountRepository : IAccountRepository
{
    private readonly EmbeddedEngine _engine;
    private readonly CodeRules _rules;
    private readonly Func<long, Task<CachedProfile?>> _load;

    public EmbeddedAccountRepository(EmbeddedEngine engine, CodeRules rules)
    {
        _engine = engine;
        _rules = rules;
        _load = LoadAsync;
    }

    public ValueTask<Failure> IssueCodeAsync(string phone, SentCode fresh)
    {
        var operation = IssueCodeOperation.Rent(_rules, phone, fresh);
        _engine.ShardOf(phone).Lane.Enqueue(operation);
        return operation.AsValueTask();
    }

    public async ValueTask WithdrawCodeAsync(string phone, SentCode unsent)
    {
        var operation = WithdrawCodeOperation.Rent(phone, unsent);
        _engine.ShardOf(phone).Lane.Enqueue(operation);
        await operation.AsValueTask();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<SignIn>> LogInAsync(string phone, string code, string? nonce, long now)
    {
        var useCode = UseCodeOperation.Rent(phone, code, nonce, now, _engine.Uids.Next());
        _engine.ShardOf(phone).Lane.Enqueue(useCode);
        var used = await useCode.AsValueTask();
        if (!used.IsOk)
            return used.Failure;

        // A crash between the two shards leaves a number without its user: create the user now.
        var uid = used.Value;
        if (_engine.People.TryGetSlot(uid, out _))
            return new SignIn(uid, Created: false);
        return new SignIn(uid, await CreateAsync(Profile.New(uid, phone, now)));
    }

    /// <summary>Creates a user without a login; false if the number is taken or the user exists already.</summary>
    public async ValueTask<bool> AddAsync(Profile profile)
    {
        var claim = ClaimPhoneOperation.Rent(profile.Phone, profile.Uid);
        _engine.ShardOf(profile.Phone).Lane.Enqueue(claim);
        return await claim.AsValueTask() == profile.Uid && await CreateAsync(profile);
    }

    public ValueTask<CachedProfile?> FindAsync(long uid) => _engine.People.TryGetSlot(uid, out _)
        ? _engine.Directory.Profiles.FindOrLoadAsync(uid, _load)
        : ValueTask.FromResult<CachedProfile?>(null);

    public ValueTask<Outcome<CachedProfile>> UpdateAsync(long uid, ProfileChange change, long now)
    {
        var operation = UpdateUserOperation.Rent(_engine, uid, change, WireTime.Day(now));
        _engine.ShardOf(uid).Lane.Enqueue(operation);
        return operation.AsValueTask();
    }

    public async ValueTask RevokeAsync(long uid, long tokenId, long expires)
    {
        var operation = RevokeOperation.Rent(_engine, uid, tokenId, expires);
        _engine.ShardOf(uid).Lane.Enqueue(operation);
        await operation.AsValueTask();
    }

    public ValueTask<bool> IsRevokedAsync(long uid, long tokenId) => ValueTask.FromResult(_engine.Revoked.ContainsKey(tokenId));

    private ValueTask<bool> CreateAsync(Profile profile)
    {
        var operation = CreateUserOperation.Rent(_engine, profile);
        _engine.ShardOf(profile.Uid).Lane.Enqueue(operation);
        return operation.AsValueTask();
    }

    private Task<CachedProfile?> LoadAsync(long uid) => _engine.ShardOf(uid).ReadAsync(
        uid, static (reader, uid) => UserRow.Find(reader.FindUser, uid) is { } profile ? new CachedProfile(profile) : null);
}
