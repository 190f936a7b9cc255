using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Friends;

[Description("Somebody whom the user has blocked.")]
public readonly record struct BlockedPerson(
    [Description("the blocked user")] long Uid,
    [Description("their name")] string Nickname,
    [Description("when the user blocked them"), Time] long Since)
{
    internal static BlockedPerson Read(ref FieldReader people)
    {
        var person = people.Elements("person");
        var read = new BlockedPerson(person.Int64("uid"), person.String("nickname", int.MaxValue), person.Int64("since"));
        people.Fail(person.Problem);
        return read;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(Uid);
        writer.WriteString(Nickname);
        writer.WriteInt64(Since);
    }
}

/// <summary>A page of blocked people, those blocked last first.</summary>
public sealed record BlockedReply(
    [Description("the people, those blocked last first")] IReadOnlyList<BlockedPerson> People,
    [Description("where the next page begins, an opaque value; nil on the last page"), MaxBytes(IPageCursors.MaxLength)]
    string? NextCursor) : IPayload<BlockedReply>
{
    public static BlockedReply Read(scoped ref FieldReader fields)
    {
        var people = new List<BlockedPerson>();
        var elements = fields.Elements("people");
        while (elements.Left > 0)
            people.Add(BlockedPerson.Read(ref elements));
        fields.Fail(elements.Problem);
        return new(people, fields.OptionalString("next_cursor", IPageCursors.MaxLength));
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteArrayHeader(People.Count);
        for (var index = 0; index < People.Count; index++)
            People[index].Write(ref writer);
        writer.WriteOptionalString(NextCursor);
    }
}

[Description("Blocks a user. From then on the two never meet, whichever way: not in decks, likes, friends, pushes, profiles or the "
    + "neighbourhood on a board, and a swipe returns 3008. If they are friends, the friendship ends as by `unfriend`. "
    + "A user has blocked 10,000 others at most: 3009.")]
internal sealed class BlockHandler(IBlockRepository blocks, IAccountRepository accounts, TimeProvider clock)
    : IDeferredHandler<PersonRequest, NoData>
{
    private static readonly Failure Oneself = new(StatusCode.BadParams, "uid: you can't block yourself");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<NoData>> HandleAsync(Session session, PersonRequest request)
    {
        if (request.Uid == session.Uid)
            return Oneself;
        if (await accounts.FindAsync(request.Uid) is null)
            return ProfileHandler.NoSuchUser;
        var failure = await blocks.BlockAsync(session.Uid, request.Uid, clock.NowMs());
        return failure.Code == StatusCode.Ok ? default(NoData) : failure;
    }
}

[Description("Unblocks a user. A friendship that blocking ended stays ended, and a block by the other user stays.")]
internal sealed class UnblockHandler(IBlockRepository blocks, IAccountRepository accounts, TimeProvider clock)
    : IDeferredHandler<PersonRequest, NoData>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<NoData>> HandleAsync(Session session, PersonRequest request)
    {
        // Somebody whose account is gone can be unblocked.
        if (!blocks.AreBlocked(session.Uid, request.Uid) && await accounts.FindAsync(request.Uid) is null)
            return ProfileHandler.NoSuchUser;
        await blocks.UnblockAsync(session.Uid, request.Uid, clock.NowMs());
        return default(NoData);
    }
}

[Description("Returns whom the user has blocked, those blocked last first.")]
internal sealed class BlockedHandler(IBlockRepository blocks, IAccountRepository accounts, IPageCursors cursors)
    : IDeferredHandler<PageRequest, BlockedReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<BlockedReply>> HandleAsync(Session session, PageRequest request)
    {
        var list = new PagedList(PagedListKind.Blocked, session.Uid);
        if (!cursors.TryRead(list, request.Cursor, out var after))
            return IPageCursors.NotOfThisList;
        var page = new PageOf<BlockedPerson>(await blocks.ReadAsync(session.Uid, after, request.Limit + 1), request.Limit);
        while (page.TryNext(out var person))
        {
            if (await accounts.FindAsync(person.Uid) is not { Profile.Nickname: var nickname })
                continue;
            if (!page.TryAdd(new BlockedPerson(person.Uid, nickname, person.At), bytes: 32 + ProfileFields.MaxNicknameBytes))
                break;
        }

        return new BlockedReply(page.Shown, cursors.IssueNext(list, page.Next));
    }
}
