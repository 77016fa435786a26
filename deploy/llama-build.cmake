# Leaves out of the llama.cpp build what Tacit never calls: the command-line tools' common library (half of
# the compile time). llama-cpp-python forces it on in the cache; a normal variable wins over the cache.
set(LLAMA_BUILD_COMMON OFF)
