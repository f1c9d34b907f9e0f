using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.PriceBooks;

internal sealed class KeptPriceBookMapping : IEntityTypeConfiguration<KeptPriceBook>
{
    // Usage records have no foreign key to it: a request is charged before its price book is stored.
    public void Configure(EntityTypeBuilder<KeptPriceBook> builder)
    {
        builder.ToTable("price_books");
        builder.HasKey(kept => kept.Version).HasName("pk_price_books");
        builder.Property(kept => kept.Version).HasColumnName("version").HasMaxLength(StoredText.NameLength);
        builder.Property(kept => kept.FirstUsedAt).HasColumnName("first_used_at");
        builder.Property(kept => kept.Content).HasColumnName("content");
    }
}
