using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Swiper.Host.Transport;

/// <summary>
/// The connection features that Kestrel and its middleware use. It implements the feature collection itself: the stock one is a
/// dictionary of 600 bytes, as much as the rest of the connection.
/// </summary>
internal abstract class TransportConnection : ConnectionContext, IFeatureCollection,
    IConnectionIdFeature, IConnectionItemsFeature, IConnectionTransportFeature, IConnectionLifetimeFeature, IConnectionEndPointFeature,
    IMemoryPoolFeature
{
    private static readonly Type[] Own =
    [
        typeof(IConnectionIdFeature), typeof(IConnectionItemsFeature), typeof(IConnectionTransportFeature),
        typeof(IConnectionLifetimeFeature), typeof(IConnectionEndPointFeature), typeof(IMemoryPoolFeature), typeof(ISendQueueFeature),
    ];

    // Unique across restarts, since logs span them.
    private static long _lastId = DateTime.UtcNow.Ticks;

    private string? _id;
    private IDictionary<object, object?>? _items;

    // Features set by others; they take precedence over our own. There are only a few: Kestrel sets four.
    private KeyValuePair<Type, object?>[] _set = [];

    [AllowNull]
    public override string ConnectionId
    {
        get => _id ??= Interlocked.Increment(ref _lastId).ToString("X");
        set => _id = value;
    }

    public override IFeatureCollection Features => this;

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public abstract override IDuplexPipe Transport { get; set; }

    MemoryPool<byte> IMemoryPoolFeature.MemoryPool => MemoryPool<byte>.Shared;

    bool IFeatureCollection.IsReadOnly => false;

    int IFeatureCollection.Revision => Revision;

    private int Revision { get; set; }

    object? IFeatureCollection.this[Type key]
    {
        get
        {
            foreach (var (type, feature) in _set)
            {
                if (type == key)
                    return feature;
            }
            return Array.IndexOf(Own, key) >= 0 ? this : null;
        }

        set
        {
            Revision++;
            var entry = KeyValuePair.Create(key, value);
            var index = Array.FindIndex(_set, other => other.Key == key);
            if (index >= 0)
                _set[index] = entry;
            else
                _set = [.. _set, entry];
        }
    }

    TFeature? IFeatureCollection.Get<TFeature>()
        where TFeature : default => (TFeature?)Features[typeof(TFeature)];

    void IFeatureCollection.Set<TFeature>(TFeature? instance)
        where TFeature : default => Features[typeof(TFeature)] = instance;

    IEnumerator<KeyValuePair<Type, object>> IEnumerable<KeyValuePair<Type, object>>.GetEnumerator()
    {
        foreach (var (type, feature) in _set)
        {
            if (feature is not null)
                yield return KeyValuePair.Create(type, feature);
        }
        foreach (var type in Own)
        {
            if (Array.TrueForAll(_set, entry => entry.Key != type))
                yield return KeyValuePair.Create(type, (object)this);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<KeyValuePair<Type, object>>)this).GetEnumerator();
}
