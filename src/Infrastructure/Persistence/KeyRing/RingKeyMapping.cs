using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.KeyRing;

internal sealed class RingKeyMapping : IEntityTypeConfiguration<RingKey>
{
    public void Configure(EntityTypeBuilder<RingKey> builder)
    {
        builder.ToTable("console_keys");
        builder.HasKey(key => key.Id).HasName("pk_console_keys");
        builder.Property(key => key.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(key => key.CreatedAt).HasColumnName("created_at");
        builder.Property(key => key.Xml).HasColumnName("xml");
    }
}
