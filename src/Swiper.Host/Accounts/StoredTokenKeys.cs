using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Swiper.Storage.Cluster.Accounts;

namespace Swiper.Host.Accounts;

/// <summary>Has Data Protection keep its keys where all hosts of a cluster find them.</summary>
internal sealed class StoredTokenKeys(TokenKeyRepository keys) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.ReadAll().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        keys.Add(friendlyName, element.ToString(SaveOptions.DisableFormatting));
}
