using System.Runtime.CompilerServices;
using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>The people shown to a user who has not decided about them yet.</summary>
internal sealed class Hand
{
    // As real users do: more dislikes than likes. No superlikes, which have to be bought.
    private const int LikesOfHundred = 45;

    private readonly Queue<long> _people = [];

    public bool IsEmpty => _people.Count == 0;

    /// <summary>The last deck was empty: there is no one left to decide about.</summary>
    public bool HasMetEverybody { get; private set; }

    public void Clear()
    {
        _people.Clear();
        HasMetEverybody = false;
    }

    /// <summary>Requests a deck and adds its people.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<StepOutcome> DrawAsync(SwiperClient client)
    {
        try
        {
            var deck = await client.TrySendAsync<DeckRequest, DeckUids>(Opcode.Deck, new DeckRequest(DeckRequest.DefaultCount))
                .ConfigureAwait(false);
            if (!deck.IsOk)
                return StepOutcome.Failed(deck.Failure);
            _people.Clear();
            foreach (var uid in deck.Value.Uids)
                _people.Enqueue(uid);
            HasMetEverybody = IsEmpty;
            return new StepOutcome(0, deck.Value.Bytes);
        }
        catch (Exception exception) when (StepOutcome.IsLoss(exception))
        {
            return StepOutcome.NoReply;
        }
    }

    /// <summary>Swipes the next person.</summary>
    public ValueTask<StepOutcome> SwipeAsync(SwiperClient client)
    {
        var kind = Random.Shared.Next(100) < LikesOfHundred ? SwipeKind.Like : SwipeKind.Dislike;
        return StepOutcome.OfAsync(client.TrySendAsync<SwipeRequest, ReplySize>(Opcode.Swipe, new SwipeRequest(_people.Dequeue(), kind)));
    }

    /// <summary>A deck of which only the uids are read.</summary>
    private readonly record struct DeckUids(IReadOnlyList<long> Uids, int Bytes) : IPayload<DeckUids>
    {
        public static DeckUids Read(scoped ref FieldReader fields)
        {
            var bytes = fields.Array.Length;
            var uids = new List<long>(DeckRequest.DefaultCount);
            // An empty deck has a map of counts in place of the people.
            while (fields.Left > 0 && fields.NextKind == MessagePackKind.Array)
            {
                var person = fields.Elements("person");
                uids.Add(person.Int64("uid"));
                fields.Fail(person.Problem);
            }
            return new(uids, bytes);
        }

        public void Write(ref MessagePackWriter writer) => throw new NotSupportedException();
    }
}
