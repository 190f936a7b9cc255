namespace Swiper.Peers;

/// <summary>A line of the board.</summary>
internal sealed record Standing(int Rank, long Uid, int Score, string Nickname, string Avatar);
