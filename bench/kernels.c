/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernels.h"

#define OUT_OF_LINE __attribute__((noinline))

/* Nothing but registers: xor, rotate, add, and a branch that depends on the data. */
static OUT_OF_LINE uint64_t alu(uint64_t rounds) {
  uint64_t a = 0x9E3779B97F4A7C15, b = 1, sum = 0;
  for (uint64_t i = 0; i < rounds * 1000; ++i) {
    a ^= a << 13;
    a ^= a >> 7;
    a ^= a << 17;
    b = (b << 5 | b >> 59) + a;
    if ((b & 3) == 0) sum += b;
    sum ^= i;
  }
  return sum + a + b;
}

/* Bytes of a table that fits no first-level cache, at growing strides. */
enum { kSieve = 64 * 1024 };
static uint8_t composite[kSieve];
static OUT_OF_LINE uint64_t sieve(uint64_t rounds) {
  uint64_t primes = 0;
  for (uint64_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < kSieve; ++i) composite[i] = 0;
    for (uint32_t i = 2; i < kSieve; ++i) {
      if (composite[i]) continue;
      primes += i ^ round;
      for (uint32_t j = 2 * i; j < kSieve; j += i) composite[j] = 1;
    }
  }
  return primes;
}

/* Doublewords at odd strides, summed. */
enum { kNumbers = 32 * 1024 };
static uint64_t numbers[kNumbers];
static OUT_OF_LINE uint64_t stride(uint64_t rounds) {
  uint64_t sum = 0;
  for (unsigned i = 0; i < kNumbers; ++i) numbers[i] = i * 0x9E3779B97F4A7C15;
  for (uint64_t round = 0; round < rounds; ++round) {
    const uint64_t step = 1 + round % 8 * 2;
    uint64_t at = round % kNumbers;
    for (unsigned i = 0; i < kNumbers; ++i, at = (at + step) % kNumbers) sum += numbers[at];
    numbers[round % kNumbers] ^= sum;
  }
  return sum;
}

/* Pointers followed through two megabytes; the order is one cycle of a linear congruential generator. */
enum { kNodes = 128 * 1024 };
static struct node {
  struct node* next;
  uint64_t value;
} nodes[kNodes];
static OUT_OF_LINE uint64_t chase(uint64_t rounds) {
  uint64_t sum = 0;
  for (unsigned i = 0; i < kNodes; ++i) {
    nodes[i].next = &nodes[(i * 1664525u + 1013904223u) % kNodes];
    nodes[i].value = i;
  }
  const struct node* node = nodes;
  for (uint64_t i = 0; i < rounds * 1000; ++i, node = node->next) sum = sum * 3 + node->value;
  return sum;
}

/* Calls and returns, with registers saved and restored around each. */
static OUT_OF_LINE uint64_t fibonacci(uint64_t n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
static OUT_OF_LINE uint64_t calls(uint64_t rounds) {
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; ++round) sum = sum * 3 + fibonacci(18 + round % 3);
  return sum;
}

/* Functions called through pointers, in the order of a short program that repeats. */
static OUT_OF_LINE uint64_t add_one(uint64_t a, uint64_t b) { return a + b; }
static OUT_OF_LINE uint64_t mix_one(uint64_t a, uint64_t b) { return a ^ b << 3; }
static OUT_OF_LINE uint64_t turn_one(uint64_t a, uint64_t b) { return (a << 7 | a >> 57) - b; }
static OUT_OF_LINE uint64_t drop_one(uint64_t a, uint64_t b) { return a - (b >> 1); }
static OUT_OF_LINE uint64_t indirect(uint64_t rounds) {
  static uint64_t (*const operations[])(uint64_t, uint64_t) = {add_one, mix_one, turn_one, drop_one};
  static const uint8_t program[] = {0, 1, 2, 3, 1, 1, 0, 2, 3, 0, 2, 2, 1, 3, 0, 3, 2, 1, 0};
  uint64_t sum = 1;
  for (uint64_t round = 0; round < rounds * 50; ++round)
    for (unsigned i = 0; i < sizeof program; ++i) sum = operations[program[i]](sum, round);
  return sum;
}

/* Short and medium copies of storage to storage. */
enum { kRecords = 256 };
struct record {
  char head[24], body[96];
};
static struct record records[kRecords];
static OUT_OF_LINE uint64_t copy(uint64_t rounds) {
  uint64_t sum = 0;
  for (unsigned i = 0; i < sizeof records; ++i) ((char*)records)[i] = (char)(i * 7);
  for (uint64_t round = 0; round < rounds; ++round) {
    for (unsigned i = 0; i + 1 < kRecords; ++i) {
      const unsigned from = (i * 5 + (unsigned)round) % kRecords, to = (from + 1) % kRecords;
      __builtin_memcpy(records[to].head, records[from].head, sizeof records[to].head);
      __builtin_memcpy(records[to].body, records[from].body, sizeof records[to].body);
      records[to].head[round % 24] = (char)i;
      sum += (uint8_t)records[to].body[i % 96];
    }
  }
  return sum;
}

/* Copies and comparisons whose lengths the compiler does not know: calls of the library, in the guest MVC and CLC under EXRL. */
static unsigned some_length(uint64_t round, unsigned i, unsigned most) {
  return (unsigned)(round * 29 + i * 17) % most;
}

static OUT_OF_LINE uint64_t copy_variable(uint64_t rounds) {
  static char from[512], to[512];
  uint64_t sum = 0;
  for (unsigned i = 0; i < sizeof from; ++i) from[i] = (char)(i * 11);
  for (uint64_t round = 0; round < rounds; ++round) {
    for (unsigned i = 0; i < 256; ++i) {
      const unsigned length = some_length(round, i, 200);
      __builtin_memcpy(to + i % 64, from + i, length);
      sum += (uint8_t)to[(i + round) % 256];
    }
    from[round % sizeof from] ^= (char)sum;
  }
  return sum;
}

/* Keys that differ in their last bytes, if at all. */
enum { kKeys = 256, kKey = 16 };
static char keys[kKeys][kKey];
static void fill_keys(void) {
  for (unsigned i = 0; i < kKeys; ++i) {
    for (unsigned j = 0; j < kKey; ++j) keys[i][j] = (char)(j * 5);
    keys[i][kKey - 1 - i % 4] = (char)(i * 37);
  }
}

static OUT_OF_LINE uint64_t compare(uint64_t rounds) {
  uint64_t less = 0;
  fill_keys();
  for (uint64_t round = 0; round < rounds; ++round) {
    for (unsigned i = 0; i + 1 < kKeys; ++i)
      less += __builtin_memcmp(keys[i], keys[(i + 1 + round) % kKeys], kKey) < 0 ? i : 1;
    keys[round % kKeys][kKey - 1] = (char)round;
  }
  return less;
}

static OUT_OF_LINE uint64_t compare_variable(uint64_t rounds) {
  uint64_t equal = 0;
  fill_keys();
  for (uint64_t round = 0; round < rounds; ++round) {
    for (unsigned i = 0; i + 16 < kKeys; ++i)
      equal += __builtin_memcmp(keys[i], keys[i + 1 + round % 8], some_length(round, i, 100)) == 0 ? i : 1;
    keys[round % kKeys][kKey - 1] = (char)round;
  }
  return equal;
}

/* Counters that other CPUs could add to, and one in four is exchanged by comparison. */
static OUT_OF_LINE uint64_t atomic(uint64_t rounds) {
  static uint64_t counters[4];
  uint64_t sum = 0;
  for (unsigned i = 0; i < 4; ++i) counters[i] = 0;
  for (uint64_t i = 0; i < rounds * 1000; ++i) {
    uint64_t* counter = &counters[i % 4];
    if (i % 4 != 0) {
      sum ^= __atomic_fetch_add(counter, i, __ATOMIC_SEQ_CST);
    } else {
      uint64_t before = *counter;
      while (!__atomic_compare_exchange_n(counter, &before, before * 3 + i, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
      }
      sum += before;
    }
  }
  return sum;
}

/* Multiplications and additions of doubles, now and then a division. */
static OUT_OF_LINE uint64_t floating(uint64_t rounds) {
  union {
    double value;
    uint64_t bits;
  } result;
  double x = 0.4, y = 0.25, z = 1.5;
  for (uint64_t i = 0; i < rounds * 1000; ++i) {
    x = 3.7 * x * (1 - x);
    y = y * 0.99 + x;
    z += x * y;
    if (i % 8 == 0) z /= 1 + x;
  }
  result.value = x + y + z;
  return result.bits;
}

/* SHA-256 (FIPS 180-4) over a block that changes from round to round. */
static const uint32_t kSha256[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate_right(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }

static OUT_OF_LINE void sha256_block(uint32_t state[8], const uint32_t block[16]) {
  uint32_t w[64], s[8];
  for (unsigned i = 0; i < 16; ++i) w[i] = block[i];
  for (unsigned i = 16; i < 64; ++i) {
    const uint32_t x = w[i - 15], y = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3) +
           (rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10);
  }
  for (unsigned i = 0; i < 8; ++i) s[i] = state[i];
  for (unsigned i = 0; i < 64; ++i) {
    const uint32_t e = s[4], a = s[0];
    const uint32_t t1 = s[7] + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) +
                        ((e & s[5]) ^ (~e & s[6])) + kSha256[i] + w[i];
    const uint32_t t2 =
        (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
    for (unsigned k = 7; k > 0; --k) s[k] = s[k - 1];
    s[4] += t1;
    s[0] = t1 + t2;
  }
  for (unsigned i = 0; i < 8; ++i) state[i] += s[i];
}

static OUT_OF_LINE uint64_t sha256(uint64_t rounds) {
  /* The first block is the padded message "abc": one round answers the start and the end of its well-known digest. */
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint32_t block[16] = {0x61626380};
  block[15] = 24;
  for (uint64_t round = 0; round < rounds; ++round) {
    sha256_block(state, block);
    block[round % 15] ^= state[round % 8];
  }
  return (uint64_t)state[0] << 32 | state[7];
}

/* What starting and ending costs, to be taken off the others. */
static uint64_t nothing(uint64_t rounds) { return rounds; }

const struct kernel kernels[] = {
    {"alu", alu, 25000},
    {"sieve", sieve, 200},
    {"stride", stride, 2000},
    {"chase", chase, 6000},
    {"calls", calls, 2600},
    {"indirect", indirect, 40000},
    {"sha256", sha256, 40000},
    {"floating", floating, 5000},
    {"copy", copy, 25000},
    {"copy_variable", copy_variable, 15000},
    {"compare", compare, 20000},
    {"compare_variable", compare_variable, 20000},
    {"atomic", atomic, 25000},
    {"nothing", nothing, 0},
    {0, 0, 0},
};

unsigned run_kernel(const struct kernel* list, const char* words, char* line) {
  for (const struct kernel* k = list; k->name; ++k) {
    const char *w = words, *n = k->name;
    while (*n && *w == *n) ++w, ++n;
    if (*n || (*w && *w != ' ')) continue;
    while (*w == ' ') ++w;
    uint64_t rounds = *w ? 0 : k->rounds;
    for (; *w >= '0' && *w <= '9'; ++w) rounds = rounds * 10 + (uint64_t)(*w - '0');

    const uint64_t sum = k->run(rounds);
    char* out = line;
    for (n = k->name; *n;) *out++ = *n++;
    *out++ = ' ';
    for (int shift = 60; shift >= 0; shift -= 4) *out++ = "0123456789abcdef"[sum >> shift & 15];
    *out++ = '\n';
    return (unsigned)(out - line);
  }
  return 0;
}
