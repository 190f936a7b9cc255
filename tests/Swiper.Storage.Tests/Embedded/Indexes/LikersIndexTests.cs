using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Indexes;
using Swiper.Storage.Tests.Indexes;

namespace Swiper.Storage.Tests.Embedded.Indexes;

public class LikersIndexTests
{
    private const int Likers = 40_000;

    // Uids in another order than slots, so that a tie settled by the wrong one shows.
    private static readonly PeopleIndex People = MakePeople();

    [Fact]
    public void Lists_agree_with_a_model_whatever_is_settled_or_taken_back()
    {
        const int users = 20;
        var random = new Random(7);
        var index = new LikersIndex(People);
        var arrived = Enumerable.Range(0, users).Select(_ => new List<Liker>()).ToArray();
        var settled = Enumerable.Range(0, users).Select(_ => new HashSet<int>()).ToArray();
        var next = 0;
        for (var i = 0; i < Likers; i++)
        {
            var user = random.Next(users);
            switch (random.Next(10))
            {
                case < 6:
                    // Time goes on, but those that were on their way together arrive in any order, and many at the same instant.
                    var liker =
                        new Liker(next++, random.Next(8) == 0 ? SwipeKind.Superlike : SwipeKind.Like, 1_000 + i / 50 - random.Next(3));
                    index.Add(user, liker, new Dropping(settled[user]));
                    arrived[user].Add(liker);
                    break;
                case < 8 when arrived[user].Count > 0:
                    settled[user].Add(arrived[user][random.Next(arrived[user].Count)].Slot);
                    break;
                case 8 when arrived[user].Count > 0:
                    var taken = arrived[user][^random.Next(1, Math.Min(5, arrived[user].Count) + 1)];
                    // One that is settled may be gone already.
                    Assert.True(index.Remove(user, taken.Slot, taken.Kind) || settled[user].Contains(taken.Slot));
                    arrived[user].Remove(taken);
                    break;
                default:
                    Compare(user);
                    break;
            }
        }
        for (var user = 0; user < users; user++)
            Compare(user);

        void Compare(int user)
        {
            var take = random.Next(60);
            var open = arrived[user].Where(liker => !settled[user].Contains(liker.Slot))
                .OrderBy(liker => liker.At).ThenBy(liker => People.UidOf(liker.Slot)).ToList();
            var into = new Liker[take];
            var count = index.CopySuperlikersTo(user, into, new Dropping(settled[user]), default(DroppingNobody));
            Assert.Equal(open.Where(liker => liker.Kind == SwipeKind.Superlike).Take(take), into.Take(count));

            open.Reverse();
            count = index.CopyNewestTo(user, after: null, into, new Dropping(settled[user]));
            Assert.Equal(open.Take(take), into.Take(count));
            if (open.Count == 0)
                return;
            var skip = random.Next(open.Count);
            var place = new PageCursor(open[skip].At, People.UidOf(open[skip].Slot));
            count = index.CopyNewestTo(user, place, into, new Dropping(settled[user]));
            Assert.Equal(open.Skip(skip + 1).Take(take), into.Take(count));
        }
    }

    [Fact]
    public void Settled_likes_that_a_reader_has_passed_are_passed_no_more()
    {
        const int Likes = 3_000;
        var index = new LikersIndex(People);
        var swiped = new SwipedIndex();
        for (var liker = 1; liker <= Likes; liker++)
            index.Add(0, new Liker(liker, liker % 2 == 0 ? SwipeKind.Superlike : SwipeKind.Like, liker), swiped.Of(0));
        for (var liker = 1; liker <= Likes; liker++)
        {
            if (liker != 2 && liker != Likes / 2)
                swiped.TryAdd(0, liker, SwipeKind.Dislike);
        }
        var counted = new CountingSlots(swiped);
        var page = new Liker[30];
        Assert.Equal(2, index.CopyNewestTo(0, after: null, page, counted.Of(0)));
        Assert.Equal([Likes / 2, 2], page.Take(2).Select(liker => liker.Slot));
        Assert.Equal(2, index.CopySuperlikersTo(0, page, counted.Of(0), default(DroppingNobody)));
        Assert.Equal([2, Likes / 2], page.Take(2).Select(liker => liker.Slot));

        counted.Asked = 0;
        Assert.Equal(2, index.CopyNewestTo(0, after: null, page, counted.Of(0)));
        Assert.Equal(2, index.CopySuperlikersTo(0, page, counted.Of(0), default(DroppingNobody)));
        Assert.Equal(4, counted.Asked);
    }

    [Fact]
    public void A_list_whose_likes_are_settled_does_not_grow()
    {
        var swiped = new SwipedIndex();
        var index = new LikersIndex(People);
        for (var liker = 0; liker < 10_000; liker++)
        {
            index.Add(1, new Liker(liker, SwipeKind.Like, liker), swiped.Of(1));
            swiped.TryAdd(1, liker, SwipeKind.Like);
        }
        Assert.InRange(index.Count(1), 1, 7);
    }

    [Fact]
    public void A_dislike_is_not_kept()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new LikersIndex(People).Add(1, new Liker(2, SwipeKind.Dislike, 3), default(DroppingNobody)));
    }

    [Fact]
    public void One_whom_nobody_likes_has_an_empty_list()
    {
        var index = new LikersIndex(People);
        Assert.Equal(0, index.Count(77));
        Assert.Equal(0, index.CopyNewestTo(77, after: null, new Liker[3], default(DroppingNobody)));
        Assert.Equal(0, index.CopyNewestTo(77, new PageCursor(1, 1), new Liker[3], default(DroppingNobody)));
        Assert.False(index.Remove(77, 1, SwipeKind.Like));
    }

    [Fact]
    public void A_like_takes_a_few_bytes_even_when_all_lists_grow_together()
    {
        var random = new Random(13);
        var index = new LikersIndex(People);
        for (var liker = 0; liker < 1_000_000; liker++)
            index.Add((int)(Math.Pow(random.NextDouble(), 2) * 5_000), new Liker(liker, SwipeKind.Like, liker), default(DroppingNobody));
        // Slot, kind and time are 12. The last chunk of the arena, 1 MiB, may be empty.
        Assert.InRange((index.Bytes - (1 << 20)) / 1e6, 12, 18);
    }

    [Fact]
    public void Adding_and_reading_make_no_garbage()
    {
        var swiped = new SwipedIndex();
        for (var liker = 0; liker < Likers; liker++)
            swiped.TryAdd(liker % 50, liker, SwipeKind.Like);
        var index = new LikersIndex(People);
        var into = new Liker[30];
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            for (var liker = 0; liker < Likers; liker++)
            {
                var kind = liker % 9 == 0 ? SwipeKind.Superlike : SwipeKind.Like;
                index.Add(liker % 50, new Liker(liker, kind, liker), swiped.Of(liker % 50));
                index.CopyNewestTo(liker % 50, after: null, into, swiped.Of(liker % 50));
            }
        }));
    }

    /// <summary>Counts how often it is asked about anybody.</summary>
    private sealed class CountingSlots(SwipedIndex swiped)
    {
        public int Asked { get; set; }

        public Filter Of(int user) => new(this, user);

        private bool Drops(int user, int slot)
        {
            Asked++;
            return swiped.Of(user).Drops(slot);
        }

        public readonly struct Filter(CountingSlots counting, int user) : ISlotFilter
        {
            public bool Drops(int slot) => counting.Drops(user, slot);
        }
    }

    private static PeopleIndex MakePeople()
    {
        var people = new PeopleIndex();
        for (var slot = 0; slot < Likers; slot++)
            people.Add(1_000_000 + slot * 7919L % Likers, default);
        return people;
    }
}
