using Swiper.Core.Social;
using Swiper.Storage.Embedded.Indexes;

namespace Swiper.Storage.Embedded;

/// <summary>Likes collected by a rebuild in file order, to be added to the indexes in the order they were made.</summary>
internal sealed class PendingLikes(EmbeddedIndexes indexes)
{
    private readonly Lock _gate = new();
    private readonly List<Like> _likes = [];

    public void Add(int liked, int liker, SwipeKind kind, long at)
    {
        lock (_gate)
            _likes.Add(new Like(at, liked, liker, kind));
    }

    public void Load()
    {
        _likes.Sort(static (a, b) => a.At.CompareTo(b.At));
        foreach (var like in _likes)
        {
            var shard = indexes.ShardOf(indexes.People.UidOf(like.Liked));
            shard.Likers.Add(like.Liked, new Liker(like.Liker, like.Kind, like.At), shard.Swiped.Of(like.Liked));
        }
    }

    private readonly record struct Like(long At, int Liked, int Liker, SwipeKind Kind);
}
