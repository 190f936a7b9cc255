namespace Swiper.Host.Web;

/// <summary>
/// What a slice lets those do who run the host: routes on the operations socket, which nobody else reaches. Bodies are JSON in snake case;
/// whatever fails ends in <see cref="OperationException"/> or <see cref="OperationReplies.ToReply"/>.
/// </summary>
internal interface IOperations
{
    void Map(RouteGroupBuilder routes);
}
