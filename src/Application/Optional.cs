namespace AiGateway.Application;

/// <summary>A member of a change that may be left out. Null is a value of its own: it clears what is stored.</summary>
/// <typeparam name="T">The type of the member.</typeparam>
public readonly record struct Optional<T>
{
    /// <summary>A member that is given.</summary>
    public Optional(T value) => (IsGiven, Value) = (true, value);

    /// <summary>Whether the member is given; false for the default value.</summary>
    public bool IsGiven { get; }

    /// <summary>The value; the default when the member is left out.</summary>
    public T? Value { get; }

    /// <summary>The value in another form; left out stays left out.</summary>
    public Optional<TOther> Select<TOther>(Func<T, TOther> convert) => IsGiven ? new(convert(Value!)) : default;

    /// <summary>The given value, else the present one.</summary>
    public T Or(T present) => IsGiven ? Value! : present;
}
