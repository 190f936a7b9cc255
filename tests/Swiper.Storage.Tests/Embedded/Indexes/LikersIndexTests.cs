using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;
using Swiper.Storage.Tests.Indexes;

namespace Swiper.Storage.Tests.Embedded.Indexes;

public class LikersIndexTests
{
    [Fact]
    public void Lists_agree_with_a_model_whatever_is_settled_or_taken_back()
    {
        const int users = 20;
        var random = new Random(7);
        var index = new LikersIndex();
        var arrived = Enumerable.Range(0, users).Select(_ => new List<Liker>()).ToArray();
        var settled = Enumerable.Range(0, users).Select(_ => new HashSet<int>()).ToArray();
        var next = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var user = random.Next(users);
            switch (random.Next(10))
            {
                case < 6:
                    var liker = new Liker(next++, random.Next(8) == 0 ? SwipeKind.Superlike : SwipeKind.Like);
                    index.Append(user, liker.Slot, liker.Kind, new Dropping(settled[user]));
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
            var order = random.Next(2) == 0 ? LikerOrder.NewestFirst : LikerOrder.OldestFirst;
            var (skip, take) = (random.Next(40), random.Next(60));
            var open = arrived[user].Where(liker => !settled[user].Contains(liker.Slot)).ToList();
            if (order == LikerOrder.NewestFirst)
                open.Reverse();
            var into = new Liker[take];
            var count = index.CopyTo(user, order, skip, into, new Dropping(settled[user]));
            Assert.Equal(open.Skip(skip).Take(take), into.Take(count));
            count = index.CopySuperlikersTo(user, order, skip, into, new Dropping(settled[user]));
            Assert.Equal(open.Where(liker => liker.Kind == SwipeKind.Superlike).Skip(skip).Take(take), into.Take(count));
        }
    }

    [Fact]
    public void A_list_whose_likes_are_settled_does_not_grow()
    {
        var swiped = new SwipedIndex();
        var index = new LikersIndex();
        for (var liker = 0; liker < 10_000; liker++)
        {
            index.Append(1, liker, SwipeKind.Like, swiped.Of(1));
            swiped.TryAdd(1, liker, SwipeKind.Like);
        }
        Assert.InRange(index.Count(1), 1, 7);
    }

    [Fact]
    public void A_dislike_is_not_kept()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LikersIndex().Append(1, 2, SwipeKind.Dislike, default(DroppingNobody)));
    }

    [Fact]
    public void One_whom_nobody_likes_has_an_empty_list()
    {
        var index = new LikersIndex();
        Assert.Equal(0, index.Count(77));
        Assert.Equal(0, index.CopyTo(77, LikerOrder.NewestFirst, 0, new Liker[3], default(DroppingNobody)));
        Assert.False(index.Remove(77, 1, SwipeKind.Like));
    }

    [Fact]
    public void A_like_takes_a_few_bytes_even_when_all_lists_grow_together()
    {
        var random = new Random(13);
        var index = new LikersIndex();
        for (var liker = 0; liker < 1_000_000; liker++)
            index.Append((int)(Math.Pow(random.NextDouble(), 2) * 5_000), liker, SwipeKind.Like, default(DroppingNobody));
        // The last chunk of the arena, 1 MiB, may be empty.
        Assert.InRange((index.Bytes - (1 << 20)) / 1e6, 4, 6);
    }

    [Fact]
    public void Appending_and_reading_make_no_garbage()
    {
        var swiped = new SwipedIndex();
        for (var liker = 0; liker < 40_000; liker++)
            swiped.TryAdd(liker % 50, liker, SwipeKind.Like);
        var index = new LikersIndex();
        var into = new Liker[30];
        Assert.Equal(0, Garbage.OfSecondRun(() =>
        {
            for (var liker = 0; liker < 40_000; liker++)
            {
                index.Append(liker % 50, liker, liker % 9 == 0 ? SwipeKind.Superlike : SwipeKind.Like, swiped.Of(liker % 50));
                index.CopyTo(liker % 50, LikerOrder.NewestFirst, 0, into, swiped.Of(liker % 50));
            }
        }));
    }
}
